import type { Distribution } from '../core/model/outputs.ts';
import { formatTime, parseTime } from '../core/model/timestamp.ts';
import { formatNumber } from './format.ts';
import { type Feature, isRanged, isTime, type RangedFeature, type TimeFeature, type Value, withUnit } from './model.ts';

/** How the training values of a feature or of the target are distributed. */
export type Range = Pick<Distribution, 'min' | 'max' | 'deciles'>;

/** The training values at 0, 10, … 100 percent. */
function toQuantiles({ min, max, deciles }: Range): readonly number[] {
  return [min, ...deciles, max];
}

/**
 * The place of a value: from 0 to 1 within the training range, less than 0 below it, and more than 1 above it. In a
 * range of one value, that value is at 0.
 */
export function placeIn({ min, max }: Range, value: number): number {
  return (value - min) / (max - min || Number.MIN_VALUE);
}

/**
 * The value at a place within the training range. For int64 it is a whole number. For other types it has so many
 * decimals that they divide the range into at least a hundred steps.
 */
export function valueAt({ dtype, baseline: { min, max } }: RangedFeature, place: number): number {
  const value = min + (max - min) * place;
  if (dtype === 'int64') return Math.round(value);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(max - min || 1)));
  return Number(value.toFixed(Math.min(decimals, 20)));
}

/** The share of the training values below a value. Between two deciles it is interpolated linearly. */
export function shareBelow(range: Range, value: number): number {
  const quantiles = toQuantiles(range);
  const next = quantiles.findIndex((quantile) => quantile >= value);
  if (next < 0) return 1;
  if (next === 0) return 0;
  const [from = value, to = value] = quantiles.slice(next - 1);
  return (next - 1 + (value - from) / (to - from)) / (quantiles.length - 1);
}

/** The shares of the training values in `bins` equal parts of their range. They sum to 1. */
export function toShares(range: Range, bins: number): number[] {
  const shares = new Array<number>(bins).fill(0);
  const width = (range.max - range.min) / bins || 1;
  const quantiles = toQuantiles(range);
  for (const [index, from] of quantiles.slice(0, -1).entries()) {
    const to = quantiles[index + 1] ?? from;
    spread(shares, (from - range.min) / width, (to - range.min) / width, 1 / (quantiles.length - 1));
  }
  return shares;
}

/**
 * Spreads a share evenly between two places, which are counted in bins. If both places are the same, the share goes
 * into their bin.
 */
function spread(shares: number[], from: number, to: number, share: number): void {
  const last = shares.length - 1;
  if (to - from < 1e-9) {
    const bin = Math.min(Math.floor(from + 1e-9), last);
    shares[bin] = (shares[bin] ?? 0) + share;
    return;
  }
  for (let bin = Math.floor(from); bin < to && bin <= last; bin++) {
    const covered = Math.min(to, bin + 1) - Math.max(from, bin);
    shares[bin] = (shares[bin] ?? 0) + (share * covered) / (to - from);
  }
}

/** Says that a value is below or above the training range; undefined if it is within, or no range is known. */
export function outOfRange(feature: Feature, value: Value | undefined): string | undefined {
  if (isTime(feature)) return outOfTimes(feature, value);
  if (!isRanged(feature) || typeof value !== 'number') return undefined;
  const { min, max } = feature.baseline;
  if (value >= min && value <= max) return undefined;
  const range = withUnit(`${formatNumber(min)} to ${formatNumber(max)}`, feature.unit);
  return `${value < min ? 'Below' : 'Above'} the training range, ${range}.`;
}

function outOfTimes({ baseline, timezone }: TimeFeature, value: Value | undefined): string | undefined {
  const time = typeof value === 'string' ? parseTime(value, timezone) : undefined;
  if (!baseline || typeof time !== 'number') return undefined;
  const { min, max } = baseline;
  if (time >= min && time <= max) return undefined;
  const range = `${formatTime(min, timezone)} to ${formatTime(max, timezone)}`;
  return `${time < min ? 'Before' : 'After'} the training range, ${range}.`;
}
