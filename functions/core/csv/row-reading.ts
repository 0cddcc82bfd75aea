import { type Column, type FeedWriter, writeValue } from '../model/column.ts';
import { type Report, reportWidth } from '../model/row-writing.ts';
import { readNumber } from '../numbers/reading.ts';
import { toValue } from './field.ts';
import { toFieldText } from './field-text.ts';
import type { ScannedRecord } from './record-scan.ts';
import { createStoredValues, type StoredValues } from './stored-values.ts';

/** Which column of a table holds which feature. */
export interface Layout {
  /** The column of each feature; -1 for a feature without a column, which is missing in every row. */
  readonly positions: readonly number[];
  /** The number of columns. */
  readonly width: number;
}

/** Values are remembered only for models with at most this many features: each column takes some kilobytes. */
const mostRecalling = 256;

/**
 * Writes a record into row `row` of the model's inputs. Reports each value that does not fit, by the feature's
 * position.
 */
export type WriteRecord = (
  bytes: Buffer,
  record: ScannedRecord,
  row: number,
  writer: FeedWriter,
  report: Report,
) => void;

/**
 * Numbers are read from bytes straight into the model's inputs. Other fields are looked up among those of earlier rows,
 * or decoded and checked like any value. `recalls` says whether the table has enough rows for remembering to pay off.
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
  else report(`expected ${width} values, one for each column, got ${fields}`);
}

/** How the fields of one feature are read. */
interface Reader {
  readonly column: Column;
  /** The column of the feature; -1 if the table has none. */
  readonly position: number;
  readonly isNumber: boolean;
  /** Created by the first field that is not a number. */
  stored: StoredValues | undefined;
  readonly recalls: boolean;
}

function createReader(column: Column, position: number, recalls: boolean): Reader {
  const { dtype } = column.feature;
  const isNumber = dtype !== 'string' && dtype !== 'bool' && dtype !== 'timestamp';
  return { column, position, isNumber, stored: undefined, recalls };
}

/** Writes one field. Returns what is wrong with it, or undefined. */
function writeField(
  bytes: Buffer,
  record: ScannedRecord,
  row: number,
  writer: FeedWriter,
  reader: Reader,
): string | undefined {
  const { column, position } = reader;
  // Only a nullable feature may have no column.
  if (position < 0) return writeValue(null, row, column, writer);
  const start = record.starts[position] as number;
  const end = record.ends[position] as number;
  if (!reader.isNumber) return writeOther(bytes, start, end, row, writer, reader);
  const number = readNumber(bytes, start, end);
  if (Number.isNaN(number)) return writeOther(bytes, start, end, row, writer, reader);
  if (!column.isPlain || !Number.isFinite(number)) return writeValue(number, row, column, writer);
  (writer.data[column.input] as Float64Array)[column.offset + row * column.stride] = number;
  return undefined;
}

/** Writes a field that is not read as a number: a text, a time, a boolean, a missing value or a mistake. */
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
