import { type Class, toClassType } from '../../../core/model/classes.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { type Block, blockOf, createBlock, type Predictions } from '../../../core/model/prediction.ts';
import { isRecord } from '../../../core/model/value.ts';
import { onceFor } from '../../../core/once-for.ts';
import { type Content, jsonContent } from '../../http/content.ts';
import { lengthHeader, toBytes, writeElement } from './binary.ts';
import { type Datatype, datatypeOf, invalid } from './datatype.ts';
import { checkContentType, parseFlag, parseParameters } from './parameters.ts';
import { type ServedTensor, servedTensors, tensorsByName } from './served-tensors.ts';

/** An output that the client asked for. */
export interface AskedOutput {
  /** The name to use in the answer. */
  readonly name: string;
  readonly tensor: ServedTensor;
  /** Whether its elements follow the JSON as binary data. */
  readonly binary: boolean;
}

/** All outputs, each by its own name. */
export function allOutputs(manifest: Manifest, binary = false): readonly AskedOutput[] {
  return servedTensors(manifest).map((tensor) => ({ name: tensor.name, tensor, binary }));
}

/** Reads `outputs` of a request. Throws InvalidInput. */
export function parseOutputs(outputs: unknown, manifest: Manifest, binary: boolean): readonly AskedOutput[] {
  if (outputs === undefined || outputs === null) return allOutputs(manifest, binary);
  if (!Array.isArray(outputs)) throw invalid('/outputs', 'an array of objects with a name', outputs);
  if (outputs.length === 0) return allOutputs(manifest, binary);
  const asked = outputs.map((output, index) => parseOutput(output, `/outputs/${index}`, manifest, binary));
  const names = asked.map(({ name }) => name);
  // Without this check, a small request could ask for a huge answer.
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index);
  if (repeated >= 0) throw invalid(`/outputs/${repeated}/name`, 'each output once');
  return asked;
}

function parseOutput(asked: unknown, pointer: string, manifest: Manifest, binaryByDefault: boolean): AskedOutput {
  if (!isRecord(asked)) throw invalid(pointer, 'an object with a name', asked);
  const { name } = asked;
  const known = tensorsByName(manifest);
  const tensor = typeof name === 'string' ? known.get(name) : undefined;
  if (typeof name !== 'string' || !tensor) {
    throw invalid(`${pointer}/name`, `one of ${[...known.keys()].join(', ')}`, name);
  }
  const at = `${pointer}/parameters`;
  const parameters = parseParameters(asked.parameters, at, 'output');
  checkContentType(parameters, at, 'output', tensor.datatype);
  const binary = parseFlag(parameters.binary_data, `${at}/binary_data`);
  return { name, tensor, binary: binary ?? binaryByDefault };
}

/** The datatype of an output, and its shape for a number of rows. */
export function describeOutput({ datatype, isSingle, from, to }: ServedTensor, rows: number) {
  return { datatype, shape: isSingle ? [rows] : [rows, to - from] };
}

/** A tensor of an answer. */
export interface AnswerTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Whether its elements follow the JSON. */
  readonly binary: boolean;
  toElements(): readonly unknown[];
  toBytes(): Buffer;
}

/** The tensors of the outputs that the client asked for. */
export function toOutputTensors(asked: readonly AskedOutput[], predictions: Predictions): readonly AnswerTensor[] {
  return asked.map(({ name, tensor, binary }) => ({
    ...{ name, ...describeOutput(tensor, predictions.rows), binary },
    toElements: () => elementsOf(tensor, predictions),
    toBytes: () => bytesOf(tensor, predictions),
  }));
}

/**
 * Writes the answer: `envelope` and the tensors as JSON, followed by the elements of the tensors that were asked for as
 * binary data.
 */
export function toOutputsContent(
  envelope: Readonly<Record<string, unknown>>,
  tensors: readonly AnswerTensor[],
): Content {
  const tail: Buffer[] = [];
  const outputs = tensors.map(({ name, datatype, shape, binary, ...tensor }) => {
    const description = { name, datatype, shape };
    if (!binary) return { ...description, data: tensor.toElements() };
    const bytes = tensor.toBytes();
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

/** The values of a tensor, row-major. A label is its position among the classes. */
function columnsOf({ output, from, to }: ServedTensor, predictions: Predictions): Block {
  const { field, kind, columns } = output;
  const block = blockOf(predictions, field);
  const width = to - from;
  if (width === columns.length) return block;
  const some = createBlock(kind, predictions.rows * width);
  for (let at = 0; at < some.length; at += 1) {
    some[at] = block[Math.floor(at / width) * columns.length + from + (at % width)] as number;
  }
  return some;
}

function classesOf({ output, from }: ServedTensor): readonly Class[] {
  return output.columns[from]?.classes ?? [];
}

function elementsOf(tensor: ServedTensor, predictions: Predictions): unknown[] {
  const block = columnsOf(tensor, predictions);
  if (tensor.output.kind === 'numbers') return Array.from(block);
  const classes = classesOf(tensor);
  return Array.from(block, (label) => classes[label]);
}

function bytesOf(tensor: ServedTensor, predictions: Predictions): Buffer {
  const block = columnsOf(tensor, predictions);
  if (block instanceof Float64Array) return toBytes(block);
  const elements = toClassElements(classesOf(tensor));
  return Buffer.concat(Array.from(block, (label) => elements[label] as Buffer));
}

/** The binary element of each class. */
const toClassElements = onceFor((classes: readonly Class[]): readonly Buffer[] => {
  const datatype = datatypeOf[toClassType(classes)];
  return classes.map((value) => writeElement(value, datatype));
});
