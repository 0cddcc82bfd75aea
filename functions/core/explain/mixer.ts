import { defaultLimits } from '../limits.ts';
import { maxRowsPerRun } from '../model/chunks.ts';
import { createFeeds } from '../model/feeds.ts';
import { feedsOf } from '../model/inputs.ts';
import { type Manifest, type Place, toPlaces } from '../model/manifest.ts';
import type { TensorData, Tensors } from '../model/tensor.ts';
import type { Background } from './background.ts';

/**
 * Mixes the explained row with rows of the background. A mixed row has the explained row's values for the features in a
 * coalition, and the other row's values for all others.
 */
export interface Mixer {
  /** How many rows can still be added. At the beginning there is room for at least the whole background. */
  readonly room: number;
  /** Begins with another row to explain. Returns, by feature, the rows of the background that have another value. */
  begin(row: number): readonly (readonly number[])[];
  /** Adds a mixed row for each of the given rows of the background. */
  add(coalition: Uint8Array, rows: readonly number[]): void;
  /** Returns the rows that were added. Rows that are added later overwrite them. */
  take(): Tensors;
}

/** How many mixed rows the model answers at once. It starts small, and grows while the model answers fast. */
export interface BlockSize {
  rows: number;
}

export const smallBlock = 128;

/** Milliseconds within which a model must answer a block for the next blocks to be larger. */
const shortAsk = 50;

/** Doubles the size of the next blocks if the model answered one in less than `shortAsk`. `ms` is the time it took. */
export function grow(size: BlockSize, ms: number): void {
  if (ms < shortAsk) size.rows = Math.min(2 * size.rows, maxRowsPerRun);
}

export function createMixer(manifest: Manifest, background: Background, explained: Tensors, size: BlockSize): Mixer {
  const capacity = Math.max(maxRowsPerRun, background.rows);
  const feeds = createFeeds(manifest, capacity, defaultLimits);
  const columns = toMixedColumns(manifest, feeds.writer.data, background.feeds, explained);
  let [count, row] = [0, 0];
  return {
    get room() {
      return Math.max(size.rows, background.rows) - count;
    },
    begin(next) {
      row = next;
      return columns.map((column) => findDiffering(column, row, background.rows));
    },
    add(coalition, rows) {
      for (let index = 0; index < columns.length; index += 1) {
        const column = columns[index] as MixedColumn;
        if (coalition[index] === 1) fill(column, row, count, rows.length);
        else copy(column, rows, count);
      }
      count += rows.length;
    },
    take() {
      const taken = feeds.take(count);
      count = 0;
      return taken;
    },
  };
}

/** The values of a feature in three tensors: `data[offset + row * stride]` in each of them. */
interface MixedColumn extends Place {
  readonly mixed: TensorData;
  readonly background: TensorData;
  readonly explained: TensorData;
}

function toMixedColumns(manifest: Manifest, mixed: readonly TensorData[], background: Tensors, explained: Tensors) {
  const inputs = feedsOf(manifest);
  return toPlaces(manifest).map((place): MixedColumn => {
    const { input } = place;
    const dataOf = (feeds: Tensors) => feeds[inputs[input]?.name ?? '']?.data as TensorData;
    return {
      ...place,
      mixed: mixed[input] as TensorData,
      background: dataOf(background),
      explained: dataOf(explained),
    };
  });
}

/**
 * The rows of the background whose value differs from that of the explained row. Two missing values are equal; 0 and -0
 * are not.
 */
function findDiffering({ explained, background, offset, stride }: MixedColumn, row: number, rows: number): number[] {
  const value = explained[offset + row * stride];
  const differing: number[] = [];
  for (let other = 0; other < rows; other += 1) {
    if (!Object.is(background[offset + other * stride], value)) differing.push(other);
  }
  return differing;
}

function fill({ mixed, explained, offset, stride }: MixedColumn, row: number, start: number, count: number): void {
  const value = explained[offset + row * stride] as number;
  for (let at = 0; at < count; at += 1) mixed[offset + (start + at) * stride] = value;
}

function copy({ mixed, background, offset, stride }: MixedColumn, rows: readonly number[], start: number): void {
  for (let at = 0; at < rows.length; at += 1) {
    mixed[offset + (start + at) * stride] = background[offset + (rows[at] as number) * stride] as number;
  }
}
