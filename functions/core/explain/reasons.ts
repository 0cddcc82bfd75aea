import { feedsOf } from '../model/inputs.ts';
import { type Feature, type Manifest, toPlaces } from '../model/manifest.ts';
import { type Output, targetsOf } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import type { TensorData, Tensors } from '../model/tensor.ts';
import { formatTime } from '../model/timestamp.ts';
import { toShortest } from '../numbers/float32.ts';
import { createPredictedFinder } from './predicted.ts';

/** The answers to some rows, and the contributions that explain them. */
interface Found {
  readonly predictions: Predictions;
  readonly output: Output;
  /** [rows, columns, features]. */
  readonly contributions: Float64Array;
}

/** The most characters of a text or a category that a reason quotes. */
export const longestText = 40;

/**
 * Writes reasons such as `length = 1.4 cm: +0.41`: what each feature adds to the number of the prediction, the largest
 * first. With several targets, each target has its own reasons.
 */
export function createReasons({ predictions, output, contributions }: Found, feeds: Tensors, manifest: Manifest) {
  const { columns } = output;
  const features = manifest.features.length;
  const describe = createDescriber(feeds, manifest);
  const findPredicted = createPredictedFinder(predictions, output);
  const targets = targetsOf(manifest);
  const prefixOf = (column: number) => {
    const name = 'targets' in manifest ? targets[columns[column]?.target ?? 0]?.name : undefined;
    return name === undefined ? '' : `${name}: `;
  };
  return (row: number): readonly string[] =>
    findPredicted(row).flatMap((column) => {
      const start = (row * columns.length + column) * features;
      const own = contributions.subarray(start, start + features);
      return rank(own).map(
        (feature) => `${prefixOf(column)}${describe(feature, row)}: ${toSigned(own[feature] as number)}`,
      );
    });
}

/**
 * The features that add something, the largest contribution first. A contribution that is only a rounding error is left
 * out.
 */
function rank(contributions: Float64Array): number[] {
  const largest = contributions.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const sizes = Array.from(contributions, Math.abs);
  return sizes
    .map((_, feature) => feature)
    .filter((feature) => (sizes[feature] as number) > largest * 1e-9)
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number));
}

function toSigned(value: number): string {
  return `${value < 0 ? '' : '+'}${Number(value.toPrecision(3))}`;
}

/** Says what a feature is in a row: `tenure = 2 months`. */
function createDescriber(feeds: Tensors, manifest: Manifest): (feature: number, row: number) => string {
  const places = toPlaces(manifest);
  const inputs = feedsOf(manifest).map(({ name }) => feeds[name]?.data as TensorData);
  return (index, row) => {
    const feature = manifest.features[index] as Feature;
    const { input, offset, stride } = places[index] as (typeof places)[number];
    const value = inputs[input]?.[offset + row * stride];
    return `${feature.name} = ${isMissing(value, feature) ? 'missing' : toText(value, feature)}`;
  };
}

/** Whether the value is what column.ts writes for a missing one. */
function isMissing(value: unknown, { nullable }: Feature): boolean {
  return nullable && (value === '' || Number.isNaN(value));
}

/**
 * Writes a value as a client would send it. The model gets booleans and times as numbers, and float32 values rounded.
 */
function toText(value: unknown, feature: Feature): string {
  const { dtype, unit } = feature;
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (dtype === 'bool') return String(Number(value) === 1);
  if (dtype === 'timestamp') return formatTime(Number(value), feature.timezone);
  const number = dtype === 'float32' ? toShortest(Number(value)) : value;
  return unit ? `${number} ${unit}` : String(number);
}
