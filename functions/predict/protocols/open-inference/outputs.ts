import { type Class, toClassType } from '../../../core/model/classes.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { countRows, type Predictions, withProbabilities } from '../../../core/model/prediction.ts';
import { isRecord } from '../../../core/model/value.ts';
import { onceFor } from '../../../core/once-for.ts';
import { type Content, jsonContent } from '../../http/content.ts';
import { lengthHeader, toBytes, writeElement } from './binary.ts';
import { type Datatype, datatypeOf, invalid } from './datatype.ts';
import { checkContentType, parseFlag, parseParameters } from './parameters.ts';

type Output = 'label' | 'probabilities' | 'value';

/** What can be asked for, by every name it can be asked for with; those of scikit-learn's methods are what clients guess. */
const outputsByName: Readonly<Record<Manifest['task'], ReadonlyMap<string, Output>>> = {
  classification: new Map<string, Output>([
    ['label', 'label'],
    ['probabilities', 'probabilities'],
    ['predict', 'label'],
    ['predict_proba', 'probabilities'],
  ]),
  regression: new Map<string, Output>([
    ['value', 'value'],
    ['predict', 'value'],
  ]),
};

/** An output as a client asked for it. */
export interface AskedOutput {
  /** The name to answer it with. */
  readonly name: string;
  readonly output: Output;
  /** Whether its elements follow the JSON. */
  readonly binary: boolean;
}

/** All outputs, each by its own name. */
export function allOutputs({ task }: Manifest, binary = false): readonly AskedOutput[] {
  const entries = [...outputsByName[task]].filter(([name, output]) => name === output);
  return entries.map(([name, output]) => ({ name, output, binary }));
}

/** What `outputs` of a request asks for. Throws InvalidInput. */
export function parseOutputs(outputs: unknown, manifest: Manifest, binary: boolean): readonly AskedOutput[] {
  if (outputs === undefined || outputs === null) return allOutputs(manifest, binary);
  if (!Array.isArray(outputs)) throw invalid('/outputs', 'an array of objects with a name', outputs);
  if (outputs.length === 0) return allOutputs(manifest, binary);
  const asked = outputs.map((output, index) => parseOutput(output, `/outputs/${index}`, manifest, binary));
  const names = asked.map(({ name }) => name);
  // Else a small request could ask for a large answer.
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index);
  if (repeated >= 0) throw invalid(`/outputs/${repeated}/name`, 'each output once');
  return asked;
}

function parseOutput(asked: unknown, pointer: string, manifest: Manifest, binaryByDefault: boolean): AskedOutput {
  const { task } = manifest;
  if (!isRecord(asked)) throw invalid(pointer, 'an object with a name', asked);
  const { name } = asked;
  const output = typeof name === 'string' ? outputsByName[task].get(name) : undefined;
  if (typeof name !== 'string' || !output) {
    throw invalid(`${pointer}/name`, `one of ${[...outputsByName[task].keys()].join(', ')}`, name);
  }
  const at = `${pointer}/parameters`;
  const parameters = parseParameters(asked.parameters, at, 'output');
  checkContentType(parameters, at, 'output', describeOutput(output, 1, manifest).datatype);
  const binary = parseFlag(parameters.binary_data, `${at}/binary_data`);
  return { name, output, binary: binary ?? binaryByDefault };
}

/** The datatype of an output, and its dimensions for some number of rows. */
export function describeOutput(
  output: Output,
  rows: number,
  manifest: Manifest,
): { readonly datatype: Datatype; readonly shape: readonly number[] } {
  if (manifest.task === 'regression') return { datatype: 'FP64', shape: [rows] };
  const { classes } = manifest;
  if (output === 'probabilities') return { datatype: 'FP64', shape: [rows, classes.length] };
  return { datatype: datatypeOf[toClassType(classes)], shape: [rows] };
}

/**
 * The answer: `envelope` and the outputs, as JSON, and after it the elements of those that were asked for as binary data.
 */
export function toOutputsContent(
  envelope: Readonly<Record<string, unknown>>,
  asked: readonly AskedOutput[],
  predictions: Predictions,
  manifest: Manifest,
): Content {
  const tail: Buffer[] = [];
  const outputs = asked.map(({ name, output, binary }) => {
    const description = { name, ...describeOutput(output, countRows(predictions), manifest) };
    if (!binary) return { ...description, data: Array.from<unknown>(elementsOf(output, predictions)) };
    const bytes = bytesOf(output, predictions);
    tail.push(bytes);
    return { ...description, parameters: { binary_data_size: bytes.length } };
  });
  const content = jsonContent({ ...envelope, outputs });
  if (tail.length === 0) return content;
  const json = Buffer.from(content.body);
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', [lengthHeader]: String(json.length) },
    body: Buffer.concat([json, ...tail]),
  };
}

/** Row-major. */
function elementsOf(output: Output, predictions: Predictions): ArrayLike<unknown> {
  if ('values' in predictions) return predictions.values;
  if (output !== 'label') return withProbabilities(predictions).probabilities;
  const { classes, labels } = predictions;
  return Array.from(labels, (label) => classes[label]);
}

function bytesOf(output: Output, predictions: Predictions): Buffer {
  if ('values' in predictions) return toBytes(predictions.values);
  if (output !== 'label') return toBytes(withProbabilities(predictions).probabilities);
  const { classes, labels } = predictions;
  const elements = toClassElements(classes);
  return Buffer.concat(Array.from(labels, (label) => elements[label] as Buffer));
}

/** Each class as an element of binary data. */
const toClassElements = onceFor((classes: readonly Class[]): readonly Buffer[] => {
  const datatype = datatypeOf[toClassType(classes)];
  return classes.map((value) => writeElement(value, datatype));
});
