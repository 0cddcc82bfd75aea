import { RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { toFieldText } from './field-text.ts';
import { carriageReturn, countMark, flawTexts, isLineBreak, lineFeed } from './grammar.ts';
import { createRecord, type ScannedRecord, scanRecord } from './record-scan.ts';

/** The CSV of a request. */
export interface Records {
  readonly bytes: Buffer;
  /** The number of records, including the first. */
  readonly count: number;
  /** The fields of the first record; undefined if there are no records. */
  readonly first: readonly string[] | undefined;
  /** Where the first record begins and ends. */
  readonly start: number;
  readonly end: number;
}

/**
 * Counts the records and reads the first. Throws MalformedBody, PayloadTooLarge, or InvalidInput for too many columns.
 */
export function parseRecords(bytes: Buffer, limits: Limits): Records {
  const start = countMark(bytes);
  const probe = createRecord(0);
  // A header, the allowed rows, and one more to notice that there are too many.
  const count = countRecords(bytes, start, limits.rows + 2, probe);
  if (count > limits.rows + 1) {
    throw new RequestError('PayloadTooLarge', `Expected at most ${limits.rows} rows, got more`);
  }
  scanRecord(bytes, start, bytes.length, probe);
  if (probe.fields > limits.columns) throw tooManyColumns(limits.columns);
  const record = createRecord(probe.fields);
  const end = scanRecord(bytes, start, bytes.length, record);
  return { bytes, count, first: count > 0 ? toTexts(bytes, record) : undefined, start, end };
}

/** The error for CSV without rows. */
export function noRows(detail: string): RequestError {
  return new RequestError('InvalidInput', 'There are no rows', { errors: [{ pointer: '', detail }] });
}

function tooManyColumns(most: number): RequestError {
  const detail = `expected at most ${most} columns, got more`;
  return new RequestError('InvalidInput', 'There are too many columns', { errors: [{ pointer: '', detail }] });
}

/** The texts of a record's fields. The record must have had room for all of them. */
export function toTexts(bytes: Buffer, { starts, ends, fields }: ScannedRecord): string[] {
  const texts: string[] = [];
  for (let field = 0; field < fields; field += 1) texts.push(toFieldText(bytes, starts[field] ?? 0, ends[field] ?? 0));
  return texts;
}

function countRecords(bytes: Buffer, start: number, most: number, record: ScannedRecord): number {
  let count = 0;
  for (let at = start; count < most; count += 1) {
    at = scanRecord(bytes, at, bytes.length, record);
    if (at < 0 || record.flaw) throw malformed(bytes, record);
    if (record.fields === 0) break;
  }
  return count;
}

/** Names the problem and its line, without quoting the line. */
function malformed(bytes: Buffer, { flaw, flawAt }: ScannedRecord): RequestError {
  let line = 1;
  for (let at = 0; at < flawAt; at += 1) {
    // The two bytes of \r\n are one line break.
    const isFirstOfTwo = bytes[at] === carriageReturn && bytes[at + 1] === lineFeed;
    if (isLineBreak(bytes[at]) && !isFirstOfTwo) line += 1;
  }
  const problem = flaw ? `in line ${line} ${flawTexts[flaw]}` : `the quote that opens in line ${line} is never closed`;
  return new RequestError('MalformedBody', `Expected the body to be CSV of RFC 4180, but ${problem}`);
}
