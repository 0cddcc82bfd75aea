import { countMark, isLineBreak, maxRecordBytes } from '../../../core/csv/grammar.ts';
import { createRecord, scanRecord } from '../../../core/csv/record-scan.ts';
import { toTexts } from '../../../core/csv/records.ts';
import type { Layout } from '../../../core/csv/row-reading.ts';
import type { Feature } from '../../../core/model/manifest.ts';
import { JobError } from '../../job/job-error.ts';
import { findKeptPositions, problemsWithNames, refuseColumns } from '../column-names.ts';
import type { Input, Reading } from '../format.ts';

/** The names of a table's columns. */
export interface Header {
  readonly names: readonly string[];
  /**
   * The number of bytes from the beginning of the table through the first byte of the line break after the header. A
   * byte order mark and blank lines before the header are counted. The \n of \r\n is left over, and is then skipped
   * like a blank line.
   */
  readonly bytes: number;
}

/** Reads the first record. Throws InvalidInput if there is none, or it cannot be read. */
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
  const problem = problemWithBeginning(bytes);
  throw new JobError('InvalidInput', `Expected CSV with a header that names the columns: ${problem}`);
}

/** Says why the first bytes of a table have no header. */
function problemWithBeginning(bytes: Buffer): string {
  const isBlank = bytes.subarray(countMark(bytes)).every(isLineBreak);
  if (!isBlank) return 'the header is longer than 1 MiB, or a quote in it is never closed';
  return bytes.length < maxRecordBytes ? 'the table is empty' : 'the first 1 MiB of the table holds only line breaks';
}

/** Returns undefined if the header does not end within these bytes. */
function parseHeader(bytes: Buffer, isWhole: boolean, columns: number): Header | undefined {
  const record = createRecord(columns);
  const end = scanRecord(bytes, countMark(bytes), bytes.length, record);
  const { fields, flaw } = record;
  if (end < 0 || fields === 0 || (end === bytes.length && !isWhole)) return undefined;
  if (flaw)
    throw new JobError(
      'InvalidInput',
      'Expected CSV with a header, but the quotes in the header break the rules of CSV',
    );
  if (fields > columns) throw new JobError('InvalidInput', `Expected at most ${columns} columns, got ${fields}`);
  return { names: toTexts(bytes, record), bytes: Math.min(end + 1, bytes.length) };
}

/**
 * Finds the column of each feature, and ignores other columns. Throws InvalidInput that names the features that are
 * missing or occur more than once.
 */
export function toLayout({ names }: Header, features: readonly Feature[]): Layout {
  refuseColumns(problemsWithNames(names, features), advise(names, features));
  const positions = new Map(names.map((name, column) => [name, column]));
  return { positions: features.map(({ name }) => positions.get(name) ?? -1), width: names.length };
}

/** Advice for a table without a column for any feature. */
function advise(names: readonly string[], features: readonly Feature[]): string {
  if (names.length === 1 && /[;\t]/.test(names[0] as string)) return '; commas separate the fields of CSV';
  const named = new Set(names);
  return features.some(({ name }) => named.has(name)) ? '' : '; does the first record name the columns?';
}

/** A column that is copied to the output. */
export interface KeptPosition {
  readonly name: string;
  readonly position: number;
}

/** The columns to keep. Throws InvalidJob for one that is missing or occurs more than once. */
export function findKept({ names }: Header, keep: Reading['keep']): readonly KeptPosition[] {
  return findKeptPositions(names, keep).map((position) => ({ name: names[position] as string, position }));
}
