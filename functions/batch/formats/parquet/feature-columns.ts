import { type Column, type FeedWriter, writeValue } from '../../../core/model/column.ts';
import { feedsOf } from '../../../core/model/inputs.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import type { TensorData } from '../../../core/model/tensor.ts';
import type { Convert, Values } from './cursor.ts';
import { toText } from './numbers.ts';

/** Says what is wrong with the value of a row. */
type Report = (row: number, detail: string) => void;

/** Writes a value a row of one feature into the feeds, and reports each that does not fit. */
export type WriteColumn = (values: Values, writer: FeedWriter, report: Report) => void;

/** The same checks as for a request. What takes longest is saved: calls for plain numbers, checks of texts that were right before. */
export function createColumnWriter(column: Column): WriteColumn {
  if (column.isPlain) return createNumberWriter(column);
  return column.feature.dtype === 'string' ? createTextWriter(column) : createValueWriter(column);
}

/** Most are finite numbers, which are stored as they are. */
function createNumberWriter(column: Column): WriteColumn {
  const { input, offset, stride } = column;
  return (values, writer, report) => {
    const data = writer.data[input] as Float64Array;
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row];
      if (Number.isFinite(value)) data[offset + row * stride] = value as number;
      else check(value, row, column, writer, report);
    }
  };
}

/** Distinct texts of a column that are remembered: to check one takes longer than to look it up. */
const maxRemembered = 10_000;

function createTextWriter(column: Column): WriteColumn {
  const { input, offset, stride } = column;
  const known = new Set<unknown>();
  const remember = (text: unknown) => {
    if (text !== undefined && known.size < maxRemembered) known.add(text);
  };
  return (values, writer, report) => {
    const data = writer.data[input] as string[];
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row];
      if (known.has(value)) data[offset + row * stride] = value as string;
      else if (check(value, row, column, writer, report)) remember(value);
    }
  };
}

function createValueWriter(column: Column): WriteColumn {
  return (values, writer, report) => {
    for (let row = 0; row < values.length; row += 1) check(values[row], row, column, writer, report);
  };
}

/** Whether a value fits; it is written then, and reported otherwise. A row without one has null. */
function check(value: unknown, row: number, column: Column, writer: FeedWriter, report: Report): boolean {
  const problem = writeValue(value ?? null, row, column, writer);
  if (problem === undefined) return true;
  report(row, problem);
  return false;
}

/** How stored bytes become texts. */
export const toTexts: Convert = (stored) => Array.from(stored as Uint8Array[], toText);

/** Moves rows up over those that are left out: the first rows of the data are then the others, in their order. */
export function closeGaps(writer: FeedWriter, manifest: Manifest, rows: number, isLeftOut: (row: number) => boolean) {
  feedsOf(manifest).forEach(({ width }, input) => {
    const data = writer.data[input] as TensorData;
    let next = 0;
    for (let row = 0; row < rows; row += 1) {
      if (isLeftOut(row)) continue;
      if (next < row) data.copyWithin(next * width, row * width, (row + 1) * width);
      next += 1;
    }
  });
}
