import { type Column, type FeedWriter, writeValue } from '../../../core/model/column.ts';
import { feedsOf } from '../../../core/model/inputs.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import type { TensorData } from '../../../core/model/tensor.ts';
import type { Convert, Values } from './cursor.ts';
import { toText } from './numbers.ts';

/** Reports a problem with the value of a row. */
type Report = (row: number, detail: string) => void;

/** Writes one value per row of a feature into the model's inputs, and reports each that does not fit. */
export type WriteColumn = (values: Values, writer: FeedWriter, report: Report) => void;

/**
 * Applies the same checks as for a request, but saves the two slowest steps: a call per plain number, and a check of a
 * text that was valid before.
 */
export function createColumnWriter(column: Column): WriteColumn {
  if (column.isPlain) return createNumberWriter(column);
  return column.feature.dtype === 'string' ? createTextWriter(column) : createValueWriter(column);
}

/** Most values are finite numbers, which are stored unchanged. */
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

/** The number of valid texts that are remembered per column, because a look-up is faster than a check. */
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

/** Writes a value if it fits, and reports it otherwise. A row without a value has null. Returns whether it fits. */
function check(value: unknown, row: number, column: Column, writer: FeedWriter, report: Report): boolean {
  const problem = writeValue(value ?? null, row, column, writer);
  if (problem === undefined) return true;
  report(row, problem);
  return false;
}

/** Converts stored bytes to texts. */
export const toTexts: Convert = (stored) => Array.from(stored as Uint8Array[], toText);

/** Removes the rows for which `isLeftOut` is true: the other rows move up and keep their order. */
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
