import { toNames } from '../../core/model/classes.ts';
import { type Feature, type Manifest, type Place, toPlaces } from '../../core/model/manifest.ts';
import { countRows, countUnsure, type Predictions } from '../../core/model/prediction.ts';
import type { Tensor, Tensors } from '../../core/model/tensor.ts';
import { type Bins, type Cell, stabilityIndex, toBins } from './drift.ts';

/** What a request's rows and predictions say of the model's fitness for them: names and counts, never a feature's value. */
export interface Observation {
  /** Rows by the class that they were predicted as; none of a regression. */
  readonly classes: ReadonlyMap<string, number>;
  /** Rows with a number that is less or more than any in the training data. A number that is a category has no range. */
  readonly outOfRange: number;
  /** Rows with a category that is not in model.json. */
  readonly unseenCategories: number;
  /** Rows whose largest probability is below the threshold; of a classification. */
  readonly lowConfidence?: number;
  /** The population stability index of each feature, where the request filled the window. */
  readonly stability: readonly { readonly feature: string; readonly index: number }[];
}

export type Observe = (feeds: Tensors, predictions: Predictions) => Observation;

interface Thresholds {
  readonly lowConfidence: number;
  /** Rows over which drift is measured; 0 for never. */
  readonly driftWindowRows: number;
}

/** What is told apart, as each is a metric of its own: the first of them, in the manifest's order, in all environments. */
const maxNamed = 50;
const others = 'other';

/**
 * Watches the predictions of one environment. A window ends with the request that fills it, however many rows that has: a
 * request tells of one window at most, and what an environment has not filled when it ends is never told.
 */
export function createMonitor(manifest: Manifest, { lowConfidence, driftWindowRows }: Thresholds): Observe {
  const columns = toColumns(manifest);
  let seen = 0;

  const closeWindow = () => {
    const isFull = driftWindowRows > 0 && seen >= driftWindowRows;
    if (!isFull) return [];
    seen = 0;
    return columns.slice(0, maxNamed).map(({ name, bins, counts }) => {
      const index = stabilityIndex(bins, counts);
      counts.fill(0);
      return { feature: name, index };
    });
  };

  return (feeds, predictions) => {
    const rows = countRows(predictions);
    const flags = new Uint8Array(rows);
    for (const column of columns) countColumn(column, feeds[column.input] as Tensor, flags);
    seen += rows;
    return {
      classes: countClasses(predictions),
      ...countFlags(flags),
      ...('values' in predictions ? {} : { lowConfidence: countUnsure(predictions, lowConfidence) }),
      stability: closeWindow(),
    };
  };
}

interface Column {
  readonly name: string;
  /** The name of its input. */
  readonly input: string;
  readonly place: Place;
  readonly bins: Bins;
  /** Rows of the window, by the bins' counters. */
  readonly counts: number[];
}

function toColumns(manifest: Manifest): Column[] {
  const { inputs, features } = manifest;
  return toPlaces(manifest).map((place, index): Column => {
    const { name: input, dtype } = inputs[place.input] as Manifest['inputs'][number];
    const feature = features[index] as Feature;
    const bins = toBins(feature, dtype);
    return { name: feature.name, input, place, bins, counts: new Array<number>(bins.size).fill(0) };
  });
}

const isOutOfRange = 1;
const isUnseen = 2;

function countColumn({ place, bins, counts }: Column, { data }: Tensor, flags: Uint8Array): void {
  const { offset, stride } = place;
  const { counterOf, unseen, min, max } = bins;
  for (let row = 0; row < flags.length; row += 1) {
    const stored = data[offset + row * stride] as Cell | bigint;
    const cell = typeof stored === 'bigint' ? Number(stored) : stored;
    const counter = counterOf(cell);
    counts[counter] = (counts[counter] as number) + 1;
    if (counter === unseen) flags[row] = (flags[row] as number) | isUnseen;
    // NaN is neither.
    else if ((cell as number) < min || (cell as number) > max) flags[row] = (flags[row] as number) | isOutOfRange;
  }
}

function countFlags(flags: Uint8Array): { outOfRange: number; unseenCategories: number } {
  let [outOfRange, unseenCategories] = [0, 0];
  for (const flag of flags) {
    outOfRange += flag & isOutOfRange;
    unseenCategories += (flag & isUnseen) >> 1;
  }
  return { outOfRange, unseenCategories };
}

function countClasses(predictions: Predictions): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if ('values' in predictions) return counts;
  const { classes, labels } = predictions;
  const names = toNames(classes);
  const rows = new Uint32Array(Math.min(classes.length, maxNamed) + 1);
  for (const label of labels) {
    const position = Math.min(label, maxNamed);
    rows[position] = (rows[position] as number) + 1;
  }
  for (const [position, count] of rows.entries()) {
    if (count === 0) continue;
    const name = position < maxNamed ? (names[position] as string) : others;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}
