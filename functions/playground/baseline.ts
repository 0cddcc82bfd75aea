import { formatNumber } from './format.ts';
import { type Feature, isRanged, type NumericFeature, type Row, type Value, withUnit } from './model.ts';

type Range = NumericFeature['baseline'];

/** The training values at 0, 10, … 100 percent. */
function toQuantiles({ min, max, deciles }: Range): readonly number[] {
  return [min, ...deciles, max];
}

/** The value below which a share of the training values lies; between the deciles along a line. */
export function quantileOf(range: Range, share: number): number {
  const quantiles = toQuantiles(range);
  const at = Math.min(Math.max(share, 0), 1) * (quantiles.length - 1);
  const low = Math.floor(at);
  const from = quantiles[low] ?? range.min;
  const to = quantiles[low + 1] ?? from;
  return from + (to - from) * (at - low);
}

/** How the training values spread over `bins` equal parts of their range, as shares that sum to 1. */
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

/** Adds a share evenly between two places that are counted in bins; where both are one, to its bin. */
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

/** What is unusual about a value: that training had none so small or large. */
export function outOfRange(feature: Feature, value: Value | undefined): string | undefined {
  if (!isRanged(feature) || typeof value !== 'number') return undefined;
  const { min, max } = feature.baseline;
  if (value >= min && value <= max) return undefined;
  const range = withUnit(`${formatNumber(min)} to ${formatNumber(max)}`, feature.unit);
  return `${value < min ? 'Below' : 'Above'} the training range, ${range}.`;
}

/** Rows whose features are each as in training, and independent of one another; the same ones every time. */
export function drawRows(features: readonly Feature[], count: number): Row[] {
  const random = createRandom();
  return Array.from({ length: count }, () => features.map((feature) => drawValue(feature, random)));
}

function drawValue(feature: Feature, random: () => number): Value {
  const { baseline, categories, nullable, dtype } = feature;
  if (nullable && random() < baseline.missing) return null;
  if (categories) return drawCategory(categories, random());
  if (dtype === 'string') return '';
  if (dtype === 'bool') return random() < baseline.mean;
  const value = quantileOf(baseline, random());
  return dtype === 'int64' ? Math.round(value) : value;
}

function drawCategory({ values, frequencies }: NonNullable<Feature['categories']>, share: number): Value {
  let left = share;
  const index = frequencies.findIndex((frequency) => {
    left -= frequency;
    return left <= 0;
  });
  return values[index] ?? values[0] ?? null;
}

/** mulberry32 */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
