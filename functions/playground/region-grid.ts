import { toName } from '../core/model/classes.ts';
import {
  type Feature,
  isRanged,
  isText,
  isTime,
  type Labeller,
  type Prediction,
  type PublicManifest,
  type RangedFeature,
  type Row,
  toWords,
} from './model.ts';

/** Two features that vary while the others are held; with one feature alone, it lies along both. */
export interface Plane {
  readonly x: number;
  readonly y: number;
}

/** How sure the model is of each class on a grid: by row from the top, by column, by class. */
export type Grid = readonly (readonly (readonly number[])[])[];

const most = 4;

/** Whether the model's regions can be drawn: it takes a few numbers and no more, and answers one label. */
export function hasRegions(manifest: PublicManifest): manifest is Labeller {
  const { features } = manifest;
  return 'classes' in manifest && features.length <= most && features.every(isRanged);
}

/** Said where texts and times alone stand in the way of the regions, which are drawn over numbers. */
export function whyNoRegions({ features, ...manifest }: PublicManifest): string | undefined {
  const [texts, times] = [features.filter(isText), features.filter(isTime)];
  const others = features.filter((feature) => !isText(feature) && !isTime(feature));
  if (others.length === features.length || !('classes' in manifest) || features.length > most) return;
  if (!others.every(isRanged)) return;
  const reasons = [...describe(texts, 'is free text', 'are free text'), ...describe(times, 'is a time', 'are times')];
  return `There is no map of the regions: it is drawn over numbers, and ${reasons.join(', and ')}.`;
}

function describe(features: readonly Feature[], is: string, are: string): string[] {
  if (features.length === 0) return [];
  return [`${features.map(({ name }) => toWords(name)).join(', ')} ${features.length > 1 ? are : is}`];
}

/** Rows over the training range of both features, from the upper left. */
export function toGridRows(row: Row, { x, y }: Plane, features: readonly RangedFeature[], size: number): Row[] {
  const [alongX, alongY] = [x, y].map((index) => toSteps(features[index] as RangedFeature, size));
  return (alongY ?? [])
    .toReversed()
    .flatMap((atY) =>
      (alongX ?? []).map((atX) => row.map((value, index) => (index === x ? atX : index === y ? atY : value))),
    );
}

function toSteps({ dtype, baseline: { min, max } }: RangedFeature, size: number): number[] {
  return Array.from({ length: size }, (_, index) => {
    const value = min + ((max - min) * index) / (size - 1);
    return dtype === 'int64' ? Math.round(value) : value;
  });
}

/**
 * A model can answer another label than the most probable one, as where its threshold is not one half. A point then counts
 * as sure of its label: else the regions would not be those of the labels. So does one of a model without probabilities.
 */
export function toGrid(predictions: readonly Prediction[], names: readonly string[], size: number): Grid {
  const answers = predictions.flatMap((prediction) => ('label' in prediction ? [prediction] : []));
  const probabilities = answers.map((answer) => names.map((name) => answer.probabilities?.[name] ?? 0));
  const labels = answers.map(({ label }) => names.indexOf(toName(label)));
  const followsThem = labels.every((label, index) => {
    const shares = probabilities[index] ?? [];
    return answers[index]?.probabilities && shares[label] === Math.max(...shares);
  });
  const cells = followsThem ? probabilities : labels.map((label) => names.map((_, at) => (at === label ? 1 : 0)));
  return Array.from({ length: size }, (_, index) => cells.slice(index * size, (index + 1) * size));
}

/** The probabilities at a place from 0 to 1 to the right and down, between the four nearest points of the grid. */
export function probabilitiesAt(grid: Grid, right: number, down: number): number[] {
  const last = grid.length - 1;
  const row = Math.min(Math.floor(down * last), last - 1);
  const column = Math.min(Math.floor(right * last), last - 1);
  const [toRight, toDown] = [right * last - column, down * last - row];
  const [upper, lower] = [grid[row] ?? [], grid[row + 1] ?? []];
  const [a = [], b = [], c = [], d = []] = [upper[column], upper[column + 1], lower[column], lower[column + 1]];
  return a.map((value, index) => {
    const above = value + ((b[index] ?? 0) - value) * toRight;
    const below = (c[index] ?? 0) + ((d[index] ?? 0) - (c[index] ?? 0)) * toRight;
    return above + (below - above) * toDown;
  });
}

/** Each feature over its training range, the others as in the row. */
export function toSweepRows(row: Row, features: readonly RangedFeature[], size: number): Row[] {
  return features.flatMap((feature, index) => toSteps(feature, size).map((value) => row.with(index, value)));
}

/** The two features that the answer depends on most: over whose ranges the probabilities go furthest, for all rows swept. */
export function chooseAxes(
  predictions: readonly Prediction[],
  features: readonly RangedFeature[],
  size: number,
): Plane {
  const effects = features.map(() => 0);
  for (let start = 0, sweep = 0; start < predictions.length; start += size, sweep++) {
    const index = sweep % features.length;
    effects[index] = (effects[index] ?? 0) + spreadOf(predictions.slice(start, start + size));
  }
  const [x = 0, y = x] = effects
    .map((effect, index) => ({ effect, index }))
    .toSorted((a, b) => b.effect - a.effect)
    .map(({ index }) => index);
  return { x: Math.min(x, y), y: Math.max(x, y) };
}

function spreadOf(predictions: readonly Prediction[]): number {
  const steps = predictions.slice(1).map((prediction, index) => distance(prediction, predictions[index]));
  return steps.reduce((sum, step) => sum + step, 0);
}

function distance(one: Prediction | undefined, other: Prediction | undefined): number {
  if (!one || !other || !('label' in one) || !('label' in other)) return 0;
  const [here, there] = [numbersOf(one), numbersOf(other)];
  return Object.entries(here).reduce((sum, [name, number]) => sum + Math.abs(number - (there[name] ?? 0)), 0);
}

/** What an answer says besides its label; the label itself where that is all. */
function numbersOf(prediction: Extract<Prediction, { label: unknown }>): Readonly<Record<string, number>> {
  const { label, probabilities, scores, distances, score } = prediction;
  return probabilities ?? scores ?? distances ?? (score === undefined ? { [toName(label)]: 1 } : { score });
}
