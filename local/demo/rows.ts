import type { Feature, Manifest } from '../../functions/core/model/manifest.ts';

/** Returns a number from 0 to below 1, like Math.random. */
export type Random = () => number;

/** Draws a row. `drifted` says how far the drifting feature has moved, from 0 to 1. */
export type DrawRow = (drifted: number) => readonly unknown[];

interface Rows {
  /** The name of the feature that drifts: a number, else a category. Undefined if the model has neither. */
  readonly drifting: string | undefined;
  readonly draw: DrawRow;
}

/** Draws made-up rows: each feature alone, from its distribution in the training data. */
export function createRows({ features, examples }: Manifest, random: Random): Rows {
  const drifting = features.find(hasRange) ?? features.find(({ categories }) => categories);
  const known = examples.flatMap(({ instances }) => instances);
  const drawValue = (feature: Feature, index: number, drifted: number) => {
    if (feature.nullable && random() < (feature.baseline?.missing ?? 0)) return null;
    if (feature.categories) return drawCategory(feature.categories, random, drifted);
    return drawNumber(feature, random, drifted) ?? known[Math.floor(random() * known.length)]?.[index];
  };
  return {
    drifting: drifting?.name,
    draw: (drifted) => features.map((one, index) => drawValue(one, index, one === drifting ? drifted : 0)),
  };
}

function hasRange({ dtype, categories, baseline }: Feature): boolean {
  return dtype !== 'bool' && dtype !== 'timestamp' && !categories && baseline !== null && 'deciles' in baseline;
}

/**
 * At the end of the drift, a number is higher by this share of its range, or the last category is drawn with this
 * probability.
 */
const furthest = 0.6;

/** Draws a value by its deciles. Undefined if model.json does not say how the feature is distributed, as for texts. */
function drawNumber(feature: Feature, random: Random, drifted: number): unknown {
  const { dtype, baseline } = feature;
  if (!baseline || !('deciles' in baseline)) return undefined;
  if (dtype === 'bool') return random() < baseline.mean;
  const { min, max, deciles } = baseline;
  const value = drawBetween([min, ...deciles, max], random) + drifted * furthest * (max - min);
  if (dtype === 'timestamp') return toTime(value, feature.timezone);
  return dtype === 'int64' ? Math.round(value) : value;
}

/** Draws a number. It is equally likely to be in each interval between two neighbouring edges. */
function drawBetween(edges: readonly number[], random: Random): number {
  const at = random() * (edges.length - 1);
  const [low = 0, high = low] = edges.slice(Math.floor(at));
  return low + (high - low) * (at % 1);
}

/** Draws a category by its frequency. */
function drawCategory(
  { values, frequencies }: NonNullable<Feature['categories']>,
  random: Random,
  drifted: number,
): unknown {
  if (random() < drifted * furthest) return values.at(-1);
  let left = random() * frequencies.reduce((sum, share) => sum + share, 0);
  const index = frequencies.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return values[Math.max(0, index)];
}

/** Formats microseconds since 1970. A local time has no zone at its end. */
function toTime(microseconds: number, timezone: string | null): string {
  const text = new Date(microseconds / 1000).toISOString();
  return timezone ? text : text.slice(0, -1);
}
