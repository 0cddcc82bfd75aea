import { type Feed, feedsOf, isText } from '../../core/model/inputs.ts';
import { countUnsure } from '../../core/model/labels-alone.ts';
import { type Feature, type Manifest, type Place, toPlaces } from '../../core/model/manifest.ts';
import { classNamesOf, type Output } from '../../core/model/outputs.ts';
import type { Block, Predictions } from '../../core/model/prediction.ts';
import type { Tensor, Tensors } from '../../core/model/tensor.ts';
import { type Bins, type Cell, stabilityIndex, toBins } from './drift.ts';

/**
 * What a request's rows and predictions say about how well the model still fits: names and counts, never a feature's
 * value.
 */
export interface Observation {
  /** Rows by predicted class; with several targets, by each target's class. Empty for a regression. */
  readonly classes: ReadonlyMap<string, number>;
  /** Rows with a number outside of the training data's range. Features with categories have no range. */
  readonly outOfRange: number;
  /** Rows with a category that is not in model.json. */
  readonly unseenCategories: number;
  /**
   * Rows in which the largest probability of at least one target is below the threshold. Only for models with
   * probabilities.
   */
  readonly lowConfidence?: number;
  /**
   * The population stability index of each feature that is watched for drift, if this request filled the window;
   * otherwise empty.
   */
  readonly stability: readonly { readonly feature: string; readonly index: number }[];
}

export type Observe = (feeds: Tensors, predictions: Predictions) => Observation;

interface Thresholds {
  readonly lowConfidence: number;
  /** The number of rows over which drift is measured; 0 turns it off. */
  readonly driftWindowRows: number;
}

/**
 * At most this many classes, and features, are reported one by one, because each is a metric of its own. They are the
 * first in the manifest's order, so that all environments report the same ones.
 */
const maxNamed = 50;
const others = 'other';

/**
 * Watches the rows and predictions of one environment. A window ends with the request that fills it, however many rows
 * that request has. So a request reports at most one window, and a window that is not full when the environment ends is
 * lost.
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
  /** Whether the training data's distribution is known. */
  readonly isKnown: boolean;
  /** Rows of the current window by counter. */
  readonly counts: number[];
}

function toColumns(manifest: Manifest): Column[] {
  const { features } = manifest;
  const feeds = feedsOf(manifest);
  return toPlaces(manifest).map((place, index): Column => {
    const { name: input, dtype } = feeds[place.input] as Feed;
    const feature = features[index] as Feature;
    const bins = toBins(feature, dtype);
    // For a text, the baseline only says how often it is missing.
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
    // NaN is neither below nor above the range.
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

/** Counts rows by class. With several targets, names are `target:class`, as in a table. */
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

/** Counts rows by label position in a column. Positions from `named` on share one counter. */
function countPositions(block: Block, column: number, width: number, named: number): Uint32Array {
  const counts = new Uint32Array(named + 1);
  for (let at = column; at < block.length; at += width) {
    const position = Math.min(block[at] as number, named);
    counts[position] = (counts[position] as number) + 1;
  }
  return counts;
}
