import { sliceRows } from './row-slices.ts';
import { mapTensors, type Run, type TensorData, type Tensors } from './tensor.ts';

/**
 * Makes a row's answer independent of the rows beside it, to the last bit. ONNX Runtime computes some row counts with
 * different instructions, so the model runs only on counts for which all rows are computed alike. The last row is
 * repeated to fill up, and its extra answers are dropped.
 */
export function inPairs(run: Run): Run {
  return (feeds) => {
    const [rows = 0] = Object.values(feeds)[0]?.dims ?? [];
    const count = countRun(rows);
    if (count === rows) return run(feeds);
    return run(repeatLast(feeds, rows, count)).then((fetches) => sliceRows(fetches, 0, rows));
  };
}

/**
 * The number of rows to run for `rows`. This number is even, because ONNX Runtime computes float64 numbers two at a
 * time. For an odd one at the end it uses other instructions, which round exponentials and logarithms differently.
 * (Float32 numbers are computed four at a time, but exported graphs only add, compare and divide those, which all
 * instructions round alike.) The number also leaves fewer than four rows over after groups of eight. On arm64 a matrix
 * product takes eight rows at a time, then four, then one. It adds up the terms in another order when it takes four.
 */
export function countRun(rows: number): number {
  const even = rows + (rows % 2);
  const over = even % 8;
  return over < 4 ? even : even + 8 - over;
}

function repeatLast(feeds: Tensors, rows: number, count: number): Tensors {
  return mapTensors(feeds, ({ dtype, dims, data }) => ({
    dtype,
    dims: dims.with(0, count),
    data: repeatEnd(data, data.length / rows, count - rows),
  }));
}

function repeatEnd(data: TensorData, width: number, times: number): TensorData {
  const { length } = data;
  if (Array.isArray(data)) return data.concat(...Array(times).fill(data.slice(length - width)));
  const longer = new (data.constructor as new (length: number) => Float64Array)(length + times * width);
  longer.set(data as Float64Array);
  for (let at = length; at < longer.length; at += width) longer.copyWithin(at, length - width, length);
  return longer;
}
