import { type Column, type FeedWriter, writeValue } from '../model/column.ts';
import { type Report, reportWidth } from '../model/row-writing.ts';
import { readNumber } from '../numbers/reading.ts';
import { toValue } from './field.ts';
import { toFieldText } from './field-text.ts';
import type { ScannedRecord } from './record-scan.ts';
import { createStoredValues, type StoredValues } from './stored-values.ts';

/** Where the features stand in a table. */
export interface Layout {
  /** The column of each feature; -1 of one that is left out, and missing in every row. */
  readonly positions: readonly number[];
  /** Columns. */
  readonly width: number;
}

/** Columns of a table whose values are recalled, at most: each takes some kilobytes. */
const mostRecalling = 256;

/** Writes a record to a row of the feeds. Reports everything that does not fit, by the feature's position. */
export type WriteRecord = (
  bytes: Buffer,
  record: ScannedRecord,
  row: number,
  writer: FeedWriter,
  report: Report,
) => void;

/**
 * Numbers go from bytes into the feeds. Other fields are recalled, or go the way of every value: text, value, check. `recalls`
 * says whether there are enough rows for that to be worth while.
 */
export function createRecordWriter(layout: Layout, columns: readonly Column[], recalls: boolean): WriteRecord {
  const { positions, width } = layout;
  const isWorthIt = recalls && columns.length <= mostRecalling;
  const readers = columns.map((column, index) => createReader(column, positions[index] as number, isWorthIt));
  return (bytes, record, row, writer, report) => {
    if (record.fields !== width) {
      reportRecordWidth(record.fields, layout, writer, report);
      return;
    }
    for (let index = 0; index < readers.length; index += 1) {
      const problem = writeField(bytes, record, row, writer, readers[index] as Reader);
      if (problem !== undefined) report(problem, index);
    }
  };
}

function reportRecordWidth(fields: number, { width }: Layout, writer: FeedWriter, report: Report): void {
  if (width === writer.columns.length) reportWidth(fields, writer, report);
  else report(`expected ${width} values, as there are columns, got ${fields}`);
}

/** How the fields of a feature are read. */
interface Reader {
  readonly column: Column;
  /** Of its field; -1 where it is left out. */
  readonly position: number;
  readonly isNumber: boolean;
  /** Made for the first field that is no number. */
  stored: StoredValues | undefined;
  readonly recalls: boolean;
}

function createReader(column: Column, position: number, recalls: boolean): Reader {
  const { dtype } = column.feature;
  const isNumber = dtype !== 'string' && dtype !== 'bool' && dtype !== 'timestamp';
  return { column, position, isNumber, stored: undefined, recalls };
}

/** Returns the problem, if there is one. */
function writeField(
  bytes: Buffer,
  record: ScannedRecord,
  row: number,
  writer: FeedWriter,
  reader: Reader,
): string | undefined {
  const { column, position } = reader;
  const start = position < 0 ? 0 : (record.starts[position] as number);
  const end = position < 0 ? 0 : (record.ends[position] as number);
  if (!reader.isNumber) return writeOther(bytes, start, end, row, writer, reader);
  const number = readNumber(bytes, start, end);
  if (Number.isNaN(number)) return writeOther(bytes, start, end, row, writer, reader);
  if (!column.isPlain || !Number.isFinite(number)) return writeValue(number, row, column, writer);
  (writer.data[column.input] as Float64Array)[column.offset + row * column.stride] = number;
  return undefined;
}

/** What is no number as it stands there: a text, a missing value, a flag, or a mistake. */
function writeOther(
  bytes: Buffer,
  start: number,
  end: number,
  row: number,
  writer: FeedWriter,
  reader: Reader,
): string | undefined {
  const { column } = reader;
  if (reader.recalls) reader.stored ??= createStoredValues();
  const { stored } = reader;
  const data = writer.data[column.input] as unknown[];
  const index = column.offset + row * column.stride;
  const recalled = stored?.find(bytes, start, end);
  if (recalled !== undefined) {
    data[index] = recalled;
    return undefined;
  }
  const value = toValue(toFieldText(bytes, start, end), column.feature);
  const problem = writeValue(value, row, column, writer);
  if (problem === undefined) stored?.keep(bytes, start, end, data[index] as string | number | bigint);
  return problem;
}
