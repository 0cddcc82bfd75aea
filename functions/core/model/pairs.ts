import { sliceRows } from './row-slices.ts';
import { mapTensors, type Run, type TensorData, type Tensors } from './tensor.ts';

/**
 * Gives a row the same bits whatever rows stand beside it: runs the model over a number of rows that ONNX Runtime computes
 * all alike. The last row is repeated up to that number, and what it answers again is dropped.
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
 * The number of rows that is run for `rows`. It is even: ONNX Runtime computes two float64 numbers with one instruction, and
 * one that is left over with others, which round an exponential or a logarithm otherwise. (Float32 numbers are computed four
 * at a time, but exported graphs only add, compare and divide those, which every instruction rounds alike.) And no four rows
 * are left over from eights: on arm64 a matrix product takes eight rows at a time, then four, then one, and adds up the
 * terms of four in another order.
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
