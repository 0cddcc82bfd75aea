import { RequestError } from '../errors.ts';
import { type HttpRequest, toText } from '../event.ts';
import type { Instances } from '../model/columns.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Prediction } from '../model/prediction.ts';
import { toPointerStep } from '../pointer.ts';
import { type HttpResponse, jsonResponse } from '../response.ts';
import type { Protocol } from './protocol.ts';

/** Sepal's own answer: one prediction a row, in the rows' order. */
export interface PredictionDocument {
  readonly model: { readonly name: string; readonly version: string };
  readonly predictions: readonly Prediction[];
}

/** JSON over HTTP. */
export const native: Protocol<HttpRequest, HttpResponse> = {
  name: 'native',
  decode: (request, manifest) => toInstances(parseJson(toText(request.body)), manifest),
  encode: (predictions, manifest) => jsonResponse(toDocument(predictions, manifest)),
};

/** The same without HTTP: the payload is the JSON document, and so is the answer. */
export const direct: Protocol<unknown, PredictionDocument> = {
  name: 'direct',
  decode: toInstances,
  encode: toDocument,
};

/**
 * One row (an array of values, or a record by feature name), several rows (an array of either) or `{"instances": rows}`.
 */
function toInstances(document: unknown, { features }: Manifest): Instances {
  if (Array.isArray(document)) {
    const isOneRow = document.length > 0 && !isRow(document[0]);
    return isOneRow ? toRow(document) : toRows(document, '');
  }
  if (isRow(document)) {
    const named = Object.hasOwn(document, 'instances') && !features.some(({ name }) => name === 'instances');
    return named ? fromInstances(document) : toRow(document);
  }
  const expected = `an array of ${features.length} values, an object of them by name, or an array of such rows`;
  throw invalid('The body is no row', '', expected);
}

function fromInstances(document: Readonly<Record<string, unknown>>): Instances {
  const { instances } = document;
  if (!Array.isArray(instances)) throw invalid('There are no rows', '/instances', 'an array of rows');
  if (Object.keys(document).length > 1) throw invalid('There is more than rows', '', '"instances" and no other name');
  return toRows(instances, '/instances');
}

function toRow(row: unknown): Instances {
  return { rows: [row], pointerOf: (_, key) => toPointerStep(key) };
}

function toRows(rows: readonly unknown[], pointer: string): Instances {
  if (rows.length === 0) throw invalid('There are no rows', pointer, 'at least 1 row');
  return { rows, pointerOf: (row, key) => `${pointer}/${row}${toPointerStep(key)}` };
}

function invalid(detail: string, pointer: string, expected: string): RequestError {
  return new RequestError('InvalidInput', detail, { errors: [{ pointer, detail: `expected ${expected}` }] });
}

function toDocument(predictions: readonly Prediction[], { name, version }: Manifest): PredictionDocument {
  return { model: { name, version }, predictions };
}

function parseJson(text: string): unknown {
  try {
    // A byte order mark is no JSON, and some tools write one.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const problem = text.trim() ? 'not' : 'empty';
    throw new RequestError('MalformedBody', `Expected the body to be JSON, and it is ${problem}`, { cause });
  }
}

/** Whether a value can be a row, and so no value of one. */
function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
