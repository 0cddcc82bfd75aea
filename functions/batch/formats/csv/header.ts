import { toFieldText } from '../../../core/csv/field-text.ts';
import { countMark, isLineBreak, maxRecordBytes } from '../../../core/csv/grammar.ts';
import { createRecord, scanRecord } from '../../../core/csv/record-scan.ts';
import type { Layout } from '../../../core/csv/row-reading.ts';
import { RequestError } from '../../../core/errors.ts';
import { findColumns } from '../../../core/model/header.ts';
import type { Feature } from '../../../core/model/manifest.ts';
import { findSimilar } from '../../../core/model/names.ts';
import { JobError } from '../../job-error.ts';
import type { Input, Reading } from '../format.ts';

/** The names of a table's columns. */
export interface Header {
  readonly names: readonly string[];
  /** Bytes of the input that it takes, with the end of its line. */
  readonly bytes: number;
}

/** Reads the first record. Throws InvalidInput where there is none, or none that can be read. */
export async function readHeader({ store, source }: Input, { limits }: Pick<Reading, 'limits'>): Promise<Header> {
  let bytes = Buffer.alloc(0);
  const most = Math.min(source.size, maxRecordBytes);
  for await (const block of store.read(source, 0, most)) {
    bytes = Buffer.concat([bytes, block]);
    const header = parseHeader(bytes, false, limits.columns);
    if (header) return header;
    if (bytes.length >= most) break;
  }
  const header = bytes.length < maxRecordBytes ? parseHeader(bytes, true, limits.columns) : undefined;
  if (header) return header;
  const isEmpty = bytes.subarray(countMark(bytes)).every(isLineBreak);
  const problem = isEmpty ? 'it is empty' : 'a quote in the header is never closed, or it is longer than 1 MiB';
  throw new JobError('InvalidInput', `Expected CSV with a header that names the columns: ${problem}`);
}

/** Undefined where the header ends beyond these bytes. */
function parseHeader(bytes: Buffer, isWhole: boolean, columns: number): Header | undefined {
  const record = createRecord(columns);
  const end = scanRecord(bytes, countMark(bytes), bytes.length, record);
  const { fields, flaw, starts, ends } = record;
  if (end < 0 || fields === 0 || (end === bytes.length && !isWhole)) return undefined;
  if (flaw) throw new JobError('InvalidInput', 'Expected CSV with a header, and its quotes are not those of CSV');
  if (fields > columns) throw new JobError('InvalidInput', `Expected at most ${columns} columns, got ${fields}`);
  const names = Array.from({ length: fields }, (_, field) =>
    toFieldText(bytes, starts[field] as number, ends[field] as number),
  );
  return { names, bytes: Math.min(end + 1, bytes.length) };
}

/** Finds the features; other columns do not matter. Throws InvalidInput that names what is missing, and what is like it. */
export function toLayout({ names }: Header, features: readonly Feature[]): Layout {
  try {
    const positions = findColumns(names, features, '', () => '', { ignores: () => true });
    return { positions, width: names.length };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const missing = features.filter(({ name }) => !names.includes(name));
    const repeated = features.filter(({ name }) => names.indexOf(name) !== names.lastIndexOf(name));
    const problems = [
      ...missing.map(({ name }) => describeMissing(name, names)),
      ...repeated.map(({ name }) => `the column ${JSON.stringify(name)} is there more than once`),
    ];
    throw new JobError('InvalidInput', `The header does not fit the model: ${listFirst(problems)}`, { cause: error });
  }
}

function describeMissing(name: string, names: readonly string[]): string {
  const alike = findSimilar(name, names);
  return `missing feature ${JSON.stringify(name)}${alike === undefined ? '' : `; is it ${JSON.stringify(alike)}?`}`;
}

const maxListed = 10;

function listFirst(problems: readonly string[]): string {
  const more = problems.length > maxListed ? [`and ${problems.length - maxListed} more`] : [];
  return [...problems.slice(0, maxListed), ...more].join('; ');
}

/** A column that goes to the output. */
export interface KeptPosition {
  readonly name: string;
  readonly position: number;
}

/** Where the columns to keep stand. Throws InvalidJob for one that is not there, or more than once. */
export function findKept({ names }: Header, keep: Reading['keep']): readonly KeptPosition[] {
  if (keep === 'all') return names.map((name, position) => ({ name, position }));
  return keep.map((name) => {
    const position = names.indexOf(name);
    if (position < 0) throw new JobError('InvalidJob', `The input has no column ${describeKept(name, names)}`);
    return { name, position };
  });
}

function describeKept(name: string, names: readonly string[]): string {
  const alike = findSimilar(name, names);
  const advice = alike === undefined ? '' : `; did you mean ${JSON.stringify(alike)}?`;
  return `${JSON.stringify(name)} that could be kept${advice}`;
}
