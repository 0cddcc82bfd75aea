import { CsvError, parse } from 'csv-parse/sync';
import { RequestError } from '../errors.ts';
import { toText } from '../http/body.ts';
import type { Content } from '../http/content.ts';
import type { Limits } from '../limits.ts';
import type { Instances } from '../model/columns.ts';
import type { Feature, Manifest } from '../model/manifest.ts';
import type { Classification, Predictions, Regression } from '../model/prediction.ts';
import type { DType } from '../model/tensor.ts';
import { toPointerStep } from '../pointer.ts';
import { toClassCell } from './class-cell.ts';
import { findColumns } from './header.ts';
import type { Protocol } from './protocol.ts';

/**
 * RFC 4180: with a header of feature names in any order, or without one where every field of the first record is a value of
 * its column, and not all are strings. An empty field is a missing value; of a string feature that is never missing it is the empty string. Pointers
 * are `/record/name`, the header or the first record being 0.
 */
export const csv: Protocol = {
  name: 'csv',
  mediaTypes: ['text/csv'],
  decode: ({ body }, manifest, limits) => {
    return { instances: toInstances(parseRecords(toText(body), limits), manifest), options: undefined };
  },
  encode: toContent,
};

function parseRecords(text: string, limits: Limits): string[][] {
  const records = parseCsv(text, limits);
  if (records.length > limits.rows + 1) {
    throw new RequestError('PayloadTooLarge', `Expected at most ${limits.rows} rows, got more`);
  }
  const width = records[0]?.length ?? 0;
  if (width > limits.columns) throw invalid(`expected at most ${limits.columns} columns, got ${width}`);
  return records;
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
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const records = lines.filter((line) => line !== '').slice(0, limits.rows + 2);
  return records.map((line) => line.split(','));
}

/** What is wrong and in which line, without quoting it. */
function toPlace(cause: unknown): string {
  if (!(cause instanceof CsvError)) return '';
  const problem = cause.code.toLowerCase().replaceAll('_', ' ');
  return typeof cause.lines === 'number' ? `: ${problem} in line ${cause.lines}` : `: ${problem}`;
}

function toInstances(records: readonly string[][], { features }: Manifest): Instances {
  const [first] = records;
  if (!first) throw invalid('expected a header of feature names, and a record for each row');
  const hasHeader = isHeader(first, features);
  const positions = hasHeader
    ? findColumns(first, features, '/0', (column) => `/0/${column}`)
    : features.map((_, column) => column);
  const rows = hasHeader ? records.slice(1) : records;
  if (rows.length === 0) throw invalid('expected a record for each row after the header');
  return {
    rows: rows.map((fields) => toRow(fields, positions, features)),
    pointerOf: (row, key) => {
      const name = typeof key === 'number' ? features[key]?.name : key;
      return `/${row + (hasHeader ? 1 : 0)}${toPointerStep(name)}`;
    },
  };
}

/** Strings alone cannot be told from names, and a feature may be called like a number. */
function isHeader(first: readonly string[], features: readonly Feature[]): boolean {
  const fields = new Set(first);
  if (first.length !== features.length || features.every(({ name }) => fields.has(name))) return true;
  if (features.every(({ dtype }) => dtype === 'string')) return true;
  if (first.every((field, index) => isValueOf(field, features[index]?.dtype))) return false;
  // One value and no name: a row with a mistake, which is then told.
  const isNamed = features.some(({ name }) => fields.has(name));
  const hasValue = first.some((field, index) => {
    const { dtype } = features[index] as Feature;
    return dtype !== 'string' && field !== '' && isValueOf(field, dtype);
  });
  return isNamed || !hasValue;
}

/** No name is empty. */
function isValueOf(field: string, dtype: DType = 'string'): boolean {
  return field === '' || dtype === 'string' || typeof parseField(field, dtype) !== 'string';
}

function invalid(detail: string): RequestError {
  return new RequestError('InvalidInput', 'There are no rows', { errors: [{ pointer: '', detail }] });
}

/** The values in the features' order; the fields as they are where their number is wrong, which is then reported. */
function toRow(
  fields: readonly string[],
  positions: readonly number[],
  features: readonly Feature[],
): readonly unknown[] {
  if (fields.length !== positions.length) return fields;
  return features.map((feature, index) => toValue(fields[positions[index] ?? index] ?? '', feature));
}

function toValue(field: string, { dtype, nullable }: Feature): unknown {
  if (field !== '') return parseField(field, dtype);
  return dtype === 'string' && !nullable ? '' : null;
}

/** A field that is no value of the type stays text, which is then reported. */
function parseField(field: string, dtype: DType): string | number | boolean {
  if (dtype === 'string') return field;
  return (dtype === 'bool' ? booleans.get(field.trim().toLowerCase()) : toNumber(field)) ?? field;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function toNumber(field: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(field.trim()) ? Number(field) : undefined;
}

/** `label` and a column for each class, or `value`. */
function toContent(predictions: Predictions): Content {
  const records = 'values' in predictions ? toValueRecords(predictions) : toLabelRecords(predictions);
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: records };
}

function toValueRecords({ values }: Regression): string {
  return ['value', ...values, ''].join('\r\n');
}

function toLabelRecords({ classes, labels, probabilities }: Classification): string {
  const names = classes.map((value) => toField(toClassCell(value)));
  let at = 0;
  const toRecord = (label: number) => {
    let text = names[label] as string;
    for (const end = at + classes.length; at < end; at += 1) text += `,${probabilities[at]}`;
    return text;
  };
  return [['label', ...names].join(), ...Array.from(labels, toRecord), ''].join('\r\n');
}

function toField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
