import { type Feed, feedsOf, isText } from '../../core/model/inputs.ts';
import { countUnsure } from '../../core/model/labels-alone.ts';
import { type Feature, type Manifest, type Place, toPlaces } from '../../core/model/manifest.ts';
import { classNamesOf, type Output } from '../../core/model/outputs.ts';
import type { Block, Predictions } from '../../core/model/prediction.ts';
import type { Tensor, Tensors } from '../../core/model/tensor.ts';
import { type Bins, type Cell, stabilityIndex, toBins } from './drift.ts';

/** What a request's rows and predictions say of the model's fitness for them: names and counts, never a feature's value. */
export interface Observation {
  /** Rows by the class that they were predicted as, of several targets by each; none of a regression. */
  readonly classes: ReadonlyMap<string, number>;
  /** Rows with a number that is less or more than any in the training data. A number that is a category has no range. */
  readonly outOfRange: number;
  /** Rows with a category that is not in model.json. */
  readonly unseenCategories: number;
  /** Rows whose largest probability is below the threshold, of a target at least; of a model that answers probabilities. */
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
  const compared = columns.filter(({ isKnown }) => isKnown).slice(0, maxNamed);
  let seen = 0;

  const closeWindow = () => {
    const isFull = driftWindowRows > 0 && seen >= driftWindowRows;
    if (!isFull) return [];
    seen = 0;
    return compared.map(({ name, bins, counts }) => {
      const index = stabilityIndex(bins, counts);
      counts.fill(0);
      return { feature: name, index };
    });
  };

  return (feeds, predictions) => {
    const { rows } = predictions;
    const unsure = countUnsure(predictions, lowConfidence);
    const flags = new Uint8Array(rows);
    for (const column of columns) countColumn(column, feeds[column.input] as Tensor, flags);
    seen += rows;
    return {
      classes: countClasses(predictions),
      ...countFlags(flags),
      ...(unsure !== undefined && { lowConfidence: unsure }),
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
  /** Whether the training data's distribution is. */
  readonly isKnown: boolean;
  /** Rows of the window, by the bins' counters. */
  readonly counts: number[];
}

function toColumns(manifest: Manifest): Column[] {
  const { features } = manifest;
  const feeds = feedsOf(manifest);
  return toPlaces(manifest).map((place, index): Column => {
    const { name: input, dtype } = feeds[place.input] as Feed;
    const feature = features[index] as Feature;
    const bins = toBins(feature, dtype);
    // Of a text it is only whether there is one.
    const isKnown = feature.baseline !== null && !isText(feature);
    return { name: feature.name, input, place, bins, isKnown, counts: new Array<number>(bins.size).fill(0) };
  });
}

const isOutOfRange = 1;
const isUnseen = 2;

function countColumn({ place, bins, counts }: Column, { data }: Tensor, flags: Uint8Array): void {
  const { offset, stride } = place;
  const { counterOf, unseen, min, max } = bins;
  for (let row = 0, at = offset; row < flags.length; row += 1, at += stride) {
    const stored = data[at] as Cell | bigint;
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

/** Of several targets the class stands behind its target's name, as in a table. */
function countClasses({ outputs, blocks }: Predictions): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const labels = outputs.findIndex(({ kind }) => kind === 'labels');
  const block = blocks[labels];
  if (!block) return counts;
  const { columns } = outputs[labels] as Output;
  let room = maxNamed;
  for (const [index, column] of columns.entries()) {
    const names = classNamesOf(column).slice(0, room);
    room -= names.length;
    for (const [position, count] of countPositions(block, index, columns.length, names.length).entries()) {
      const name = names[position] ?? others;
      if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return counts;
}

/** Rows by position in a column of a block; those from `named` on are counted as one. */
function countPositions(block: Block, column: number, width: number, named: number): Uint32Array {
  const counts = new Uint32Array(named + 1);
  for (let at = column; at < block.length; at += width) {
    const position = Math.min(block[at] as number, named);
    counts[position] = (counts[position] as number) + 1;
  }
  return counts;
}
