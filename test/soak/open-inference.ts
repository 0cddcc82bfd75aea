import { expect } from 'chai';
import { binaryRequest } from '../helpers/binary.ts';
import type { TestRequest } from '../helpers/http-event.ts';
import type { Answer } from './exchange.ts';

type Rows = readonly (readonly number[])[];

interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly string[];
  readonly parameters?: { readonly binary_data_size?: number };
}

/**
 * Creates a request: one [N, F] tensor in JSON, the same in binary form with a binary answer, or one [N, 1] tensor for
 * each column.
 */
export function createInfer(
  rows: Rows,
  names: readonly string[],
  id: string,
  form: 'matrix' | 'columns' | 'binary',
): TestRequest {
  const path = '/v2/models/iris/infer';
  if (form === 'binary') return { path, ...binaryRequest(rows, { id, parameters: { binary_data_output: true } }) };
  const datatype = 'FP64';
  const inputs =
    form === 'matrix'
      ? [{ name: 'X', datatype, shape: [rows.length, names.length], data: rows.flat() }]
      : names.map((name, i) => ({ name, datatype, shape: [rows.length, 1], data: rows.map((row) => row[i]) }));
  return { path, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, inputs }) };
}

/** Reads the labels of an answer. Expects that the answer is complete and has the id. */
export function readInferLabels({ headers, body }: Answer, id: string): string[] {
  const length = headers['inference-header-content-length'];
  const end = length === undefined ? body.length : Number(length);
  const document = JSON.parse(body.subarray(0, end).toString()) as { id: string; outputs: OutputTensor[] };
  expect(document.id).to.equal(id);
  let labels: readonly string[] = [];
  let start = end;
  for (const { name, data, parameters } of document.outputs) {
    const size = parameters?.binary_data_size ?? 0;
    if (name === 'label') labels = data ?? readTexts(body.subarray(start, start + size));
    start += size;
  }
  expect(start, 'bytes of the answer').to.equal(body.length);
  return [...labels];
}

/** Decodes BYTES: each text comes after its length. */
function readTexts(data: Buffer): string[] {
  const texts: string[] = [];
  for (let start = 0; start < data.length; ) {
    const end = start + 4 + data.readUInt32LE(start);
    texts.push(data.toString('utf8', start + 4, end));
    start = end;
  }
  return texts;
}
