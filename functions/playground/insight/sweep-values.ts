import { formatTime, parseTime } from '../../core/model/timestamp.ts';
import { valueAt } from '../baseline.ts';
import { formatShortTime, stepOf } from '../form/time-steps.ts';
import { formatNumber } from '../format.ts';
import { isIdentifier } from '../identifier.ts';
import {
  type Feature,
  isRanged,
  isTime,
  type RangedFeature,
  type TimeFeature,
  type Value,
  withUnit,
} from '../model.ts';

/** The number of points of a curve. */
const points = 40;
/** The most bars of categories. People compare no more, and each bar takes a line of the page. */
const mostBars = 12;

/** The values that a feature takes while the others are held. */
export interface Sweep {
  readonly values: readonly Value[];
  /** Only for numbers and times. */
  readonly axis: Axis | undefined;
  /** The number of known categories that are left out, because there are too many. */
  readonly leftOut: number;
}

export interface Axis {
  readonly ends: readonly [string, string];
  /** The place of a value from 0 to 1; undefined if it is no number or time. */
  place(value: Value): number | undefined;
  /** The number at a place; undefined for times. */
  at(place: number): number | undefined;
}

/**
 * Whether there are values to go through: categories, both booleans, or a training range that has a width. False for a
 * number that identifies rows.
 */
export function canSweep(feature: Feature): boolean {
  if (isRanged(feature)) return !isIdentifier(feature) && feature.baseline.max > feature.baseline.min;
  if (isTime(feature)) return feature.baseline !== null && feature.baseline.max > feature.baseline.min;
  return feature.dtype === 'bool' || feature.categories !== null;
}

/**
 * Goes through the training range, extended to the present value, or through the categories. The feature must satisfy
 * `canSweep`.
 */
export function toSweep(feature: Feature, present: Value): Sweep {
  if (isRanged(feature)) return toNumbers(feature, present);
  if (isTime(feature)) return toTimes(feature, present);
  return toCategories(feature, present);
}

function toNumbers(feature: RangedFeature, present: Value): Sweep {
  const { dtype, unit, baseline } = feature;
  const shown = typeof present === 'number' && Number.isFinite(present) ? present : baseline.min;
  const [min, max] = [Math.min(baseline.min, shown), Math.max(baseline.max, shown)];
  const values = toSteps(min, max).map((value) => (dtype === 'int64' ? Math.round(value) : value));
  return {
    values: [...new Set(values)],
    axis: {
      ends: [formatNumber(min), withUnit(formatNumber(max), unit)],
      place: (value) => (typeof value === 'number' ? (value - min) / (max - min) : undefined),
      at: (place) => valueAt({ ...feature, baseline: { ...baseline, min, max } }, place),
    },
    leftOut: 0,
  };
}

function toTimes({ timezone, baseline }: TimeFeature, present: Value): Sweep {
  const toMicroseconds = (value: Value) => {
    const time = typeof value === 'string' ? parseTime(value, timezone) : undefined;
    return typeof time === 'number' ? time : undefined;
  };
  const { min: first, max: last } = baseline ?? { min: 0, max: 1 };
  const shown = toMicroseconds(present) ?? first;
  const [min, max] = [Math.min(first, shown), Math.max(last, shown)];
  const step = stepOf(max - min);
  return {
    values: toSteps(min, max).map((time) => formatTime(Math.round(time), timezone)),
    axis: {
      ends: [formatShortTime(min, step), formatShortTime(max, step)],
      place: (value) => {
        const time = toMicroseconds(value);
        return time === undefined ? undefined : (time - min) / (max - min);
      },
      at: () => undefined,
    },
    leftOut: 0,
  };
}

/**
 * The most frequent categories, in the order of model.json. The present value is added, and `null` if the feature may
 * be missing.
 */
function toCategories({ dtype, categories, nullable }: Feature, present: Value): Sweep {
  const all: readonly Value[] = dtype === 'bool' ? [false, true] : (categories?.values ?? []);
  const frequencies = categories?.frequencies ?? [];
  const frequent = all
    .map((value, index) => ({ value, share: frequencies[index] ?? 0 }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, mostBars - 2)
    .map(({ value }) => value);
  const values = new Set(all.filter((value) => frequent.includes(value)));
  values.add(present);
  if (nullable) values.add(null);
  return { values: [...values], axis: undefined, leftOut: all.filter((value) => !values.has(value)).length };
}

function toSteps(min: number, max: number): readonly number[] {
  return Array.from({ length: points }, (_, index) => min + ((max - min) * index) / (points - 1));
}
