import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { fromHttpResponse } from './http-event.ts';

/** A tensor in an answer of the Open Inference Protocol. */
interface Output {
  readonly datatype: string;
  readonly parameters?: { readonly binary_data_size?: number };
}

/**
 * Expects a well-formed answer: a status from 200 to 499 and, in predictions of any format, only finite numbers.
 * Returns the status and the format.
 */
export function expectWellFormed(answer: unknown): { readonly status: number; readonly form: string } {
  const { status, headers, bytes } = fromHttpResponse(answer);
  expect(status).to.be.within(200, 499);
  const isPacked = headers['content-encoding'] === 'gzip';
  const content = isPacked ? gunzipSync(bytes) : Buffer.from(bytes);
  const [type = ''] = headers['content-type']?.split(';') ?? [];
  if (content.length > 0) expectContent(content, type, headers['inference-header-content-length'], status);
  return { status, form: `${type || 'nothing'}${isPacked ? ', gzip' : ''}` };
}

function expectContent(content: Buffer, type: string, jsonLength: string | undefined, status: number): void {
  if (jsonLength !== undefined) expectBinary(content, Number(jsonLength));
  else if (type.endsWith('json')) expectJson(content.toString(), status);
  else if (type === 'text/csv') expectCsv(content.toString());
}

/** JSON writes NaN as null, so predictions must not contain null. The model's description may contain null. */
function expectJson(text: string, status: number): void {
  const answer = JSON.parse(text);
  const predicts = status === 200 && ('predictions' in answer || 'model_name' in answer);
  if (predicts) expect(text).not.to.match(/[:[,]null\b/);
}

/** Checks CSV of a classifier whose labels have no commas. */
function expectCsv(text: string): void {
  const [header = '', ...records] = text.trimEnd().split('\r\n');
  const width = header.split(',').length;
  for (const record of records) {
    const [label, ...numbers] = record.split(',');
    expect(label).not.to.equal('');
    expect(numbers).to.have.length(width - 1);
    for (const number of numbers) expect(number !== '' && Number.isFinite(Number(number)), record).to.equal(true);
  }
}

function expectBinary(content: Buffer, jsonLength: number): void {
  const json = content.subarray(0, jsonLength).toString();
  expectJson(json, 200);
  let start = jsonLength;
  for (const { datatype, parameters } of JSON.parse(json).outputs as Output[]) {
    const end = start + (parameters?.binary_data_size ?? 0);
    if (datatype === 'FP64') {
      for (; start < end; start += 8) expect(content.readDoubleLE(start)).to.satisfy(Number.isFinite);
    }
    start = end;
  }
  expect(start).to.equal(content.length);
}
