import { append, appendText, createByteBuffer } from '../../core/byte-buffer.ts';
import { RequestError, toProblemDocument } from '../../core/errors.ts';
import { createMemberWriter, toMemberLayout } from '../../core/json/answers.ts';
import { csvAdvice, parseJson } from '../../core/json/json.ts';
import { fromNumberRows, readNumberRows } from '../../core/json/number-rows.ts';
import { fromRows, type Instances } from '../../core/model/columns.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Prediction, Predictions } from '../../core/model/prediction.ts';
import { toRecords } from '../../core/model/records.ts';
import { isRecord, toExpectation } from '../../core/model/value.ts';
import { toPointerStep } from '../../core/pointer.ts';
import { toText } from '../http/body.ts';
import { type Content, jsonContent, jsonTextContent } from '../http/content.ts';
import { toExplanationDocument } from './explanation-document.ts';
import { parseIgnore } from './ignore.ts';
import type { Decoded, EncodeError, Protocol } from './protocol.ts';

/** Sepal's own answer to rows: one prediction a row, in the rows' order. */
export interface PredictionDocument {
  readonly model: { readonly name: string; readonly version: string };
  readonly predictions: readonly Prediction[];
}

/** Sepal's own JSON protocol. */
export const native: Protocol = {
  name: 'native',
  mediaTypes: ['application/json'],
  decode: ({ body, query }, manifest, limits) => {
    const leniency = parseIgnore(query, manifest);
    const numbers = readNumberRows(body, manifest.features.length, limits);
    const isWrapped = numbers?.name === 'instances' && mayBeWrapped(manifest);
    if (numbers && (isWrapped || numbers.name === undefined)) {
      return { instances: fromNumberRows(numbers, isWrapped ? '/instances' : '', leniency), options: undefined };
    }
    const instances = toInstances(parseJson(toText(body), limits, csvAdvice), manifest);
    return { instances: { ...instances, leniency }, options: undefined };
  },
  encode: toContent,
};

/** Formats an error as a problem document (RFC 9457). */
export const encodeProblem: EncodeError = (error, requestId) => ({
  status: error.status,
  headers: { ...error.headers, 'content-type': 'application/problem+json' },
  body: JSON.stringify(toProblemDocument(error, requestId)),
});

/**
 * Reads one row (an array of values, or a record by feature name), several rows (an array of either), or `{"instances":
 * rows}`.
 */
export function toInstances(document: unknown, manifest: Manifest): Instances {
  const { features } = manifest;
  if (Array.isArray(document)) {
    const [first] = document;
    const isOneRow = document.length > 0 && !Array.isArray(first) && !isRecord(first);
    return isOneRow ? toRow(document) : toRows(document, '');
  }
  if (isRecord(document)) {
    const isWrapped = Object.hasOwn(document, 'instances') && mayBeWrapped(manifest);
    return isWrapped ? fromInstances(document) : toRow(document);
  }
  const expected = `an array of ${features.length} values, an object with the values by feature name, or an array of such rows`;
  throw invalid('The body is not a row', '', expected, document);
}

/**
 * Whether `instances` can only mean the list of rows. If a feature is called `instances`, it means that feature's
 * value.
 */
function mayBeWrapped({ features }: Manifest): boolean {
  return !features.some(({ name }) => name === 'instances');
}

function fromInstances(document: Readonly<Record<string, unknown>>): Instances {
  const { instances } = document;
  if (!Array.isArray(instances)) throw invalid('There are no rows', '/instances', 'an array of rows', instances);
  if (Object.keys(document).length > 1)
    throw invalid('There are other names beside the rows', '', '"instances" and no other name');
  return toRows(instances, '/instances');
}

function toRow(row: unknown): Instances {
  return fromRows([row], (_, key) => toPointerStep(key));
}

function toRows(rows: readonly unknown[], pointer: string): Instances {
  if (rows.length === 0) throw invalid('There are no rows', pointer, 'at least 1 row');
  return fromRows(rows, (row, key) => `${pointer}/${row}${toPointerStep(key)}`);
}

function invalid(detail: string, pointer: string, expected: string, ...got: readonly unknown[]): RequestError {
  return new RequestError('InvalidInput', detail, { errors: [{ pointer, detail: toExpectation(expected, ...got) }] });
}

/**
 * Reads the payload of a direct invocation, which is the document that HTTP would carry. It has no query in which to
 * ask for explanations, so the member `"explanations": true` asks for them. If a feature is called `explanations` or
 * `instances`, the payload cannot ask.
 */
export function decodePayload(payload: unknown, manifest: Manifest): Decoded<undefined> {
  const isFeature = manifest.features.some(({ name }) => name === 'explanations');
  if (isFeature || !mayBeWrapped(manifest) || !isRecord(payload) || !Object.hasOwn(payload, 'explanations')) {
    return { instances: toInstances(payload, manifest), options: undefined };
  }
  const { explanations, ...document } = payload;
  if (typeof explanations !== 'boolean') {
    throw invalid('The payload cannot be read', '/explanations', 'true or false', explanations);
  }
  const explain = explanations ? ({ numbers: 'all' } as const) : undefined;
  return { instances: toInstances(document, manifest), options: undefined, explain };
}

export function toDocument(
  predictions: Predictions,
  manifest: Manifest,
): PredictionDocument | ReturnType<typeof toExplanationDocument> {
  const { explanations } = predictions;
  if (explanations) return toExplanationDocument(predictions, explanations, manifest);
  const { name, version } = manifest;
  return { model: { name, version }, predictions: toRecords(predictions) };
}

/**
 * Writes the same document as `toDocument`, as text. Without explanations, it creates no object for each row: with
 * objects and JSON.stringify, 10,000 rows took 10 ms instead of 7 (bench/NOTES.md).
 */
function toContent(predictions: Predictions, manifest: Manifest): Content {
  const { rows, outputs, explanations } = predictions;
  if (explanations) return jsonContent(toExplanationDocument(predictions, explanations, manifest));
  const { name, version } = manifest;
  const writeMembers = createMemberWriter(predictions);
  const beginning = `{"model":${JSON.stringify({ name, version })},"predictions":[`;
  const target = createByteBuffer(3 * beginning.length + rows * (toMemberLayout(outputs).most + 3) + 2);
  appendText(target, beginning);
  for (let row = 0; row < rows; row += 1) {
    append(target, row === 0 ? opening : next);
    writeMembers(row, target);
  }
  append(target, closing);
  return jsonTextContent(target.bytes.toString('utf8', 0, target.length));
}

const [opening, next, closing] = ['{', '},{', '}]}'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
