import { mapTensors, type Run, type Tensor, type TensorData, type Tensors } from './tensor.ts';

/**
 * Rows of one run. The graph of a forest holds 8 bytes for each row, tree and class at once: 80 MB for these rows, 500 trees
 * and 10 classes. All rows that a request may have at once would be more than a function's memory.
 */
export const rowsPerRun = 2048;

/** Runs the model over a few rows at a time, and joins its answers. The first dimension of every tensor is the rows. */
export function inChunks(run: Run): Run {
  return (feeds) => {
    const [rows = 0] = Object.values(feeds)[0]?.dims ?? [];
    return rows <= rowsPerRun ? run(feeds) : runChunks(run, feeds, rows);
  };
}

async function runChunks(run: Run, feeds: Tensors, rows: number): Promise<Tensors> {
  const chunks: Tensors[] = [];
  for (let start = 0; start < rows; start += rowsPerRun) {
    chunks.push(await run(mapTensors(feeds, (tensor) => sliceRows(tensor, start))));
    // A server has other requests to answer in between.
    await new Promise(setImmediate);
  }
  return joinChunks(chunks);
}

/** Tensors are row-major, so rows that follow each other are one piece of their data. */
function sliceRows({ dtype, dims: [rows = 0, ...others], data }: Tensor, start: number): Tensor {
  const end = Math.min(start + rowsPerRun, rows);
  const width = data.length / rows;
  const [from, to] = [start * width, end * width];
  const slice = Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
  return { dtype, dims: [end - start, ...others], data: slice };
}

function joinChunks(chunks: readonly Tensors[]): Tensors {
  const names = Object.keys(chunks[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, joinRows(chunks.map((chunk) => chunk[name] as Tensor))]));
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
  // All are of the first's type, whichever that is.
  const joined = new (first.constructor as new (length: number) => Float64Array)(length);
  let at = 0;
  for (const piece of pieces as readonly Float64Array[]) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
