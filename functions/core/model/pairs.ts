import { sliceRows } from './row-slices.ts';
import { mapTensors, type Run, type TensorData, type Tensors } from './tensor.ts';

/**
 * Runs the model over an even number of rows: of an odd number the last stands there twice, and its second answer is
 * dropped. ONNX Runtime computes two float64 numbers with one instruction, and one that is left over with others, which
 * round an exponential or a logarithm otherwise. So a row that is left over, or alone, would have other last bits than
 * between other rows. Float32 numbers are computed four at a time, but exported graphs only add, compare and divide
 * those, which every instruction rounds alike.
 */
export function inPairs(run: Run): Run {
  return (feeds) => {
    const [rows = 0] = Object.values(feeds)[0]?.dims ?? [];
    if (rows % 2 === 0) return run(feeds);
    return run(repeatLast(feeds, rows)).then((fetches) => sliceRows(fetches, 0, rows));
  };
}

function repeatLast(feeds: Tensors, rows: number): Tensors {
  return mapTensors(feeds, ({ dtype, dims, data }) => ({
    dtype,
    dims: dims.with(0, rows + 1),
    data: repeatEnd(data, data.length / rows),
  }));
}

function repeatEnd(data: TensorData, width: number): TensorData {
  const { length } = data;
  if (Array.isArray(data)) return [...data, ...data.slice(length - width)];
  const longer = new (data.constructor as new (length: number) => Float64Array)(length + width);
  longer.set(data as Float64Array);
  return longer.copyWithin(length, length - width, length);
}
