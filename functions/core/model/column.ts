import type { Limits } from '../limits.ts';
import { onceFor } from '../once-for.ts';
import { problemWithCategory } from './categories.ts';
import { type Feed, feedsOf } from './inputs.ts';
import { type Feature, type Manifest, type Place, toPlaces } from './manifest.ts';
import type { Leniency } from './names.ts';
import type { DType, TensorData } from './tensor.ts';
import { createTextCheck, type TextCheck } from './texts.ts';
import { readTime, type Timezone } from './timestamp.ts';
import { problemWith, toModelValue } from './value.ts';

/** A feature, and where its values go in the model's inputs. */
export interface Column extends Place {
  readonly name: string;
  readonly feature: Feature;
  /** The type of the input that holds it. */
  readonly dtype: DType;
  /** Whether every finite number is valid for this feature and stored unchanged. */
  readonly isPlain: boolean;
  /** Set if the feature is free text. */
  readonly checkText: TextCheck | undefined;
}

/** The model's inputs while rows are written into them. */
export interface FeedWriter {
  /** One for each feature, in the features' order. */
  readonly columns: readonly Column[];
  /** One for each input. */
  readonly data: readonly TensorData[];
  readonly limits: Limits;
  readonly leniency: Leniency;
}

export const toColumns = onceFor((manifest: Manifest): readonly Column[] => {
  const { features } = manifest;
  const feeds = feedsOf(manifest);
  return toPlaces(manifest).map(({ input, offset, stride }, index) => {
    const feature = features[index] as Feature;
    const { dtype } = feeds[input] as Feed;
    const isPlain = dtype === 'float64' && feature.dtype === 'float64' && feature.categories?.unknown !== 'rejected';
    // Not `{ ...place, … }`: V8 gives each object of that form a hidden class of its own, and then reading a value takes
    // ten times as long in a model of a thousand features.
    const { name } = feature;
    return { input, offset, stride, name, feature, dtype, isPlain, checkText: createTextCheck(feature) };
  });
});

/** Checks a value and stores it for row `row`. Returns what is wrong with it, or undefined. */
export function writeValue(
  value: unknown,
  row: number,
  column: Column,
  { data, limits, leniency }: FeedWriter,
): string | undefined {
  const { input, offset, stride, feature, dtype } = column;
  const target = data[input] as TensorData;
  const index = offset + row * stride;
  if (column.isPlain && Number.isFinite(value)) {
    target[index] = value as number;
    return undefined;
  }
  if (isMissing(value, feature, leniency)) {
    target[index] = dtype === 'string' ? '' : Number.NaN;
    return undefined;
  }
  if (feature.dtype === 'timestamp') return writeTime(value, index, feature.timezone, target);
  const taken = leniency.takesNumbersAsFlags ? toFlag(value, feature) : value;
  const problem = problemOf(taken, feature.dtype, column, limits);
  if (problem) return problem;
  const stored = toModelValue(taken as Value, feature.dtype);
  target[index] = dtype === 'int64' ? BigInt(stored) : stored;
  return undefined;
}

function writeTime(value: unknown, index: number, timezone: Timezone, target: TensorData): string | undefined {
  const time = readTime(value, timezone);
  if (typeof time === 'string') return time;
  target[index] = time;
  return undefined;
}

function problemOf(value: unknown, dtype: DType, { feature, checkText }: Column, limits: Limits): string | undefined {
  const problem = checkText ? checkText(value) : problemWith(value, dtype, limits);
  return problem ?? problemWithCategory(value as Value, feature);
}

/** Converts 1 and 0 to true and false for a boolean feature. */
function toFlag(value: unknown, { dtype }: Feature): unknown {
  return dtype === 'bool' && (value === 0 || value === 1) ? value === 1 : value;
}

/** A value whose type has been checked. */
type Value = string | number | boolean;

/**
 * Whether a value stands for a missing one. The model reads an empty string as a missing text. A missing timestamp may
 * be sent as an empty string.
 */
function isMissing(value: unknown, { dtype, nullable }: Feature, { takesNaT }: Leniency): boolean {
  if (!nullable) return false;
  if (value === null || Number.isNaN(value)) return true;
  if (dtype === 'timestamp') return value === '' || (value === 'NaT' && takesNaT === true);
  return dtype === 'string' && value === '';
}
