import { toName } from '../../core/model/classes.ts';
import { isIdentifier } from '../identifier.ts';
import {
  type Feature,
  isRanged,
  type Prediction,
  type PublicManifest,
  type RangedFeature,
  type Row,
} from '../model.ts';

/** The indices of the two features that vary, while the others are held. If a model has one feature, it is both. */
export interface Plane {
  readonly x: number;
  readonly y: number;
}

/**
 * The answers on a grid of points, by row from the top, by column, and by class: the probability of each class, or the
 * value alone.
 */
export type Grid = readonly (readonly (readonly number[])[])[];

/** A model whose answer to a row is one label, or one value. */
export type Mapped = Exclude<PublicManifest, { targets: unknown }>;

/** The features that can lie along a side of the map, by their indices. */
export function toSides(features: readonly Feature[]): readonly number[] {
  return features.flatMap((feature, index) => (isSide(feature) ? [index] : []));
}

function isSide(feature: Feature): boolean {
  return isRanged(feature) && !isIdentifier(feature) && feature.baseline.max > feature.baseline.min;
}

/** Whether a map can be drawn over two of the features. */
export function hasRegions(manifest: PublicManifest): manifest is Mapped {
  return whyNoRegions(manifest) === undefined;
}

/**
 * Says why there is no map; undefined if there is one. If the model's only feature is a number, the map has that
 * feature along both sides.
 */
export function whyNoRegions(manifest: PublicManifest): string | undefined {
  if ('targets' in manifest) return 'There is no map: a map shows one answer, and this model gives several.';
  const [sides, all] = [toSides(manifest.features).length, manifest.features.length];
  if (sides >= 2 || (sides === 1 && all === 1)) return undefined;
  const taken = sides === 0 ? 'none' : 'one';
  const needed = 'two numbers that are known to vary in the training data and are not identifiers';
  return `There is no map: a map needs ${needed}, and this model takes ${taken}.`;
}

/** Rows for the grid: both features go over their training ranges, from the upper left. */
export function toGridRows(row: Row, { x, y }: Plane, features: readonly Feature[], size: number): Row[] {
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
 * Makes the grid of a model's answers. A model can answer another label than the most probable one, for example if its
 * threshold is not one half. If it does so at any point, every point gets probability 1 for its label and 0 for the
 * other classes: the map would otherwise show regions of the most probable class, not of the label. The points of
 * models without probabilities get the same numbers.
 */
export function toGrid(predictions: readonly Prediction[], names: readonly string[], size: number): Grid {
  return toSquare(toCells(predictions, names), size);
}

function toCells(predictions: readonly Prediction[], names: readonly string[]): readonly (readonly number[])[] {
  const values = predictions.flatMap((prediction) => ('value' in prediction ? [[prediction.value]] : []));
  if (values.length > 0) return values;
  const answers = predictions.flatMap((prediction) => ('label' in prediction ? [prediction] : []));
  const probabilities = answers.map((answer) => names.map((name) => answer.probabilities?.[name] ?? 0));
  const labels = answers.map(({ label }) => names.indexOf(toName(label)));
  const followsThem = labels.every((label, index) => {
    const shares = probabilities[index] ?? [];
    return answers[index]?.probabilities && shares[label] === Math.max(...shares);
  });
  return followsThem ? probabilities : labels.map((label) => names.map((_, at) => (at === label ? 1 : 0)));
}

function toSquare(cells: readonly (readonly number[])[], size: number): Grid {
  return Array.from({ length: size }, (_, index) => cells.slice(index * size, (index + 1) * size));
}

/**
 * Interpolates the numbers at a place between the four nearest points of the grid. The place is from 0 to 1 to the
 * right, and from 0 to 1 downwards.
 */
export function numbersAt(grid: Grid, right: number, down: number): number[] {
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

/** Rows in which one feature after the other goes over its training range, while the others are as in the row. */
export function toSweepRows(row: Row, features: readonly Feature[], sides: readonly number[], size: number): Row[] {
  return sides.flatMap((side) => toSteps(features[side] as RangedFeature, size).map((value) => row.with(side, value)));
}

/** Chooses the two features over whose ranges the answers change most, summed over all rows that were swept. */
export function chooseSides(predictions: readonly Prediction[], sides: readonly number[], size: number): Plane {
  const effects = sides.map(() => 0);
  for (let start = 0, sweep = 0; start < predictions.length; start += size, sweep++) {
    const index = sweep % sides.length;
    effects[index] = (effects[index] ?? 0) + spreadOf(predictions.slice(start, start + size));
  }
  const [x = 0, y = x] = effects
    .map((effect, index) => ({ effect, side: sides[index] ?? 0 }))
    .toSorted((a, b) => b.effect - a.effect)
    .map(({ side }) => side);
  return { x: Math.min(x, y), y: Math.max(x, y) };
}

function spreadOf(predictions: readonly Prediction[]): number {
  const steps = predictions.slice(1).map((prediction, index) => distance(prediction, predictions[index]));
  return steps.reduce((sum, step) => sum + step, 0);
}

function distance(one: Prediction | undefined, other: Prediction | undefined): number {
  if (!one || !other) return 0;
  const [here, there] = [numbersOf(one), numbersOf(other)];
  return Object.entries(here).reduce((sum, [name, number]) => sum + Math.abs(number - (there[name] ?? 0)), 0);
}

/**
 * The numbers of an answer, by name. If it has only a label: 1 under the label's name, so that answers with different
 * labels differ.
 */
function numbersOf(prediction: Prediction): Readonly<Record<string, number>> {
  if ('value' in prediction) return { value: prediction.value };
  if (!('label' in prediction)) return {};
  const { label, probabilities, scores, distances, score } = prediction;
  return probabilities ?? scores ?? distances ?? (score === undefined ? { [toName(label)]: 1 } : { score });
}
