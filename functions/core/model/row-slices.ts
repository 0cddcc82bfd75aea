import { mapTensors, type Tensor, type TensorData, type Tensors } from './tensor.ts';

/** The rows from `start` to `end` - 1. Tensors are row-major, so these are one contiguous piece of the data. */
export function sliceRows(feeds: Tensors, start: number, end: number): Tensors {
  return mapTensors(feeds, ({ dtype, dims: [rows = 0, ...others], data }) => {
    const width = data.length / rows;
    const [from, to] = [start * width, end * width];
    const slice = Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
    return { dtype, dims: [end - start, ...others], data: slice };
  });
}

/** The inverse of `sliceRows`: joins pieces in their order. */
export function joinSlices(slices: readonly Tensors[]): Tensors {
  const names = Object.keys(slices[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, joinRows(slices.map((slice) => slice[name] as Tensor))]));
}

function joinRows(tensors: readonly Tensor[]): Tensor {
  const [
    {
      dtype,
      dims: [, ...others],
    },
  ] = tensors as [Tensor];
  const rows = tensors.reduce((total, { dims: [count = 0] }) => total + count, 0);
  return { dtype, dims: [rows, ...others], data: joinData(tensors.map(({ data }) => data)) };
}

function joinData(pieces: readonly TensorData[]): TensorData {
  const [first] = pieces;
  if (!first || Array.isArray(first)) return (pieces as readonly string[][]).flat();
  const length = pieces.reduce((total, piece) => total + piece.length, 0);
  // All pieces have the type of the first.
  const joined = new (first.constructor as new (length: number) => Float64Array)(length);
  let at = 0;
  for (const piece of pieces as readonly Float64Array[]) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
