import type { Limits } from '../limits.ts';
import { type FeedWriter, toColumns } from './column.ts';
import { feedsOf } from './inputs.ts';
import type { Manifest } from './manifest.ts';
import type { Leniency } from './names.ts';
import { sliceRows } from './row-slices.ts';
import type { DType, Tensor, TensorData, Tensors } from './tensor.ts';

/** The model's inputs with room for a number of rows, and a writer that fills them. */
export interface Feeds {
  readonly writer: FeedWriter;
  /** Returns the first `rows` rows as the model's inputs. */
  take(rows: number): Tensors;
}

export function createFeeds(manifest: Manifest, rows: number, limits: Limits, leniency: Leniency = {}): Feeds {
  const inputs = allocate(manifest, rows);
  const data = inputs.map(([, tensor]) => tensor.data);
  const feeds = Object.fromEntries(inputs);
  return {
    writer: { columns: toColumns(manifest), data, limits, leniency },
    take: (count) => (count === rows ? feeds : sliceRows(feeds, 0, count)),
  };
}

/**
 * Creates one [N, F] tensor for all features, or one [N, 1] tensor for each. model.json is checked to have one or the
 * other.
 */
function allocate(manifest: Manifest, rows: number): [string, Tensor][] {
  return feedsOf(manifest).map(({ name, dtype, width }) => {
    return [name, { dtype, dims: [rows, width], data: createData(dtype, rows * width) }];
  });
}

function createData(dtype: DType, size: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size);
    case 'float64':
      return new Float64Array(size);
    case 'int64':
      return new BigInt64Array(size);
    case 'bool':
      return new Uint8Array(size);
    case 'string':
      return new Array<string>(size).fill('');
  }
}
