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

/** A feature, and where its values go. */
export interface Column extends Place {
  readonly name: string;
  readonly feature: Feature;
  /** Of its input. */
  readonly dtype: DType;
  /** Whether each finite number is one of its values, and is stored as it is. */
  readonly isPlain: boolean;
  /** Of free text. */
  readonly checkText: TextCheck | undefined;
}

/** The feeds while rows are written into them. */
export interface FeedWriter {
  /** Of each feature, in the features' order. */
  readonly columns: readonly Column[];
  /** Of each input. */
  readonly data: readonly TensorData[];
  readonly limits: Limits;
  readonly leniency: Leniency;
}

export const toColumns = onceFor((manifest: Manifest): readonly Column[] => {
  const { features } = manifest;
  const feeds = feedsOf(manifest);
  return toPlaces(manifest).map((place, index) => {
    const feature = features[index] as Feature;
    const { dtype } = feeds[place.input] as Feed;
    const isPlain = dtype === 'float64' && feature.dtype === 'float64' && feature.categories?.unknown !== 'rejected';
    return { ...place, name: feature.name, feature, dtype, isPlain, checkText: createTextCheck(feature) };
  });
});

/** Stores a value of a row of the feeds, or says why it cannot be. */
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

/** 1 and 0 as true and false, of a feature that has these. */
function toFlag(value: unknown, { dtype }: Feature): unknown {
  return dtype === 'bool' && (value === 0 || value === 1) ? value === 1 : value;
}

/** What is left once its type was checked. */
type Value = string | number | boolean;

/** Strings have no NaN: an empty one is what the model knows for none. Times are written as strings. */
function isMissing(value: unknown, { dtype, nullable }: Feature, { takesNaT }: Leniency): boolean {
  if (!nullable) return false;
  if (value === null || Number.isNaN(value)) return true;
  if (dtype === 'timestamp') return value === '' || (value === 'NaT' && takesNaT === true);
  return dtype === 'string' && value === '';
}
