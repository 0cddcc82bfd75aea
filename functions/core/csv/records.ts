import { CsvError, parse } from 'csv-parse/sync';
import { RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/** The fields of each record of RFC 4180. Throws MalformedBody, PayloadTooLarge, or InvalidInput for too many columns. */
export function parseRecords(text: string, limits: Limits): string[][] {
  const records = parseCsv(text, limits);
  if (records.length > limits.rows + 1) {
    throw new RequestError('PayloadTooLarge', `Expected at most ${limits.rows} rows, got more`);
  }
  const width = records[0]?.length ?? 0;
  if (width > limits.columns) throw noRows(`expected at most ${limits.columns} columns, got more`);
  return records;
}

/** A table in which no rows can be found. */
export function noRows(detail: string, pointer = ''): RequestError {
  return new RequestError('InvalidInput', 'There are no rows', { errors: [{ pointer, detail }] });
}

function parseCsv(text: string, limits: Limits): string[][] {
  // Without quotes there is nothing to parse, and the parser takes five times as long (bench/NOTES.md).
  if (!text.includes('"')) return splitRecords(text, limits);
  try {
    return parse(text, {
      bom: true,
      // Given, as it would be looked for at every character before the first line end, and only the first kind be taken.
      record_delimiter: ['\r\n', '\n', '\r'],
      // A record of another length than the first is reported with all else that does not fit.
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: limits.bodyBytes,
      // A header, the rows, and one more to see that there are too many.
      to: limits.rows + 2,
    });
  } catch (cause) {
    throw new RequestError('MalformedBody', `Expected the body to be CSV of RFC 4180, and it is not${toPlace(cause)}`, {
      cause,
    });
  }
}

function splitRecords(text: string, limits: Limits): string[][] {
  // A header, the rows, one more, and what is empty at the beginning: millions of lines would take hundreds of megabytes.
  const lines = text.replace(/^\uFEFF/, '').split(/[\r\n]+/, limits.rows + 3);
  const records = lines.filter((line) => line !== '').slice(0, limits.rows + 2);
  return records.map((line) => line.split(',', limits.columns + 1));
}

/** What is wrong and in which line, without quoting it. */
function toPlace(cause: unknown): string {
  if (!(cause instanceof CsvError)) return '';
  const problem = cause.code.toLowerCase().replaceAll('_', ' ');
  return typeof cause.lines === 'number' ? `: ${problem} in line ${cause.lines}` : `: ${problem}`;
}
