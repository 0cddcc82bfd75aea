import type { Categories, Feature } from '../../core/model/manifest.ts';
import type { DType } from '../../core/model/tensor.ts';
import { toModelValue } from '../../core/model/value.ts';

/** A value from a tensor. An int64 is converted to a number. */
export type Cell = string | number;

/** The bins in which the values of a feature are counted, and the share of the training data in each. */
export interface Bins {
  readonly expected: readonly number[];
  /**
   * The number of counters. It can be larger than the number of bins: a value on the border of two bins has a counter
   * of its own.
   */
  readonly size: number;
  /** Returns the index of a value's counter. */
  readonly counterOf: (cell: Cell) => number;
  /** Converts counters to rows per bin. */
  readonly toBinned: (counters: readonly number[]) => readonly number[];
  /** The counter of values that are not a known category. */
  readonly unseen?: number;
  /** The range of the training data for a numeric feature. */
  readonly min: number;
  readonly max: number;
}

/**
 * Creates the bins of a feature. A feature with categories, also a numeric one, has one bin per category. Without a
 * baseline, rows are still counted, but `expected` is a placeholder, and no drift is computed.
 */
export function toBins(feature: Feature, tensor: DType): Bins {
  const round = tensor === 'float32' ? Math.fround : Number;
  if (feature.categories) return toCategoryBins(feature, feature.categories, round);
  if (feature.dtype === 'string' || !feature.baseline) return toMissingBins(feature);
  return toDecileBins(feature.baseline, round);
}

/** If neither range nor categories are known: one bin for missing values, and one for all others. */
function toMissingBins({ nullable, baseline }: Feature): Bins {
  const missing = baseline?.missing ?? 0;
  return {
    expected: [missing, 1 - missing],
    size: 2,
    counterOf: (cell) => (isMissing(cell, nullable) ? 0 : 1),
    toBinned: (counted) => counted,
    min: Number.NEGATIVE_INFINITY,
    max: Number.POSITIVE_INFINITY,
  };
}

/** Rounds to the precision of the tensor. */
type Round = (value: number) => number;

/** One bin for missing values, one for each category, and one for all other values. */
function toCategoryBins(
  { dtype, nullable, baseline }: Feature,
  { values, frequencies }: Categories,
  round: Round,
): Bins {
  const categories = values.map((category) => toModelValue(category, dtype));
  const counters = new Map(
    categories.map((value, index) => [typeof value === 'number' ? round(value) : value, index + 1]),
  );
  const missing = baseline?.missing ?? 0;
  const unseen = values.length + 1;
  const others = Math.max(0, 1 - frequencies.reduce((sum, share) => sum + share, 0));
  return {
    expected: [missing, ...[...frequencies, others].map((share) => share * (1 - missing))],
    size: unseen + 1,
    counterOf: (cell) => (isMissing(cell, nullable) ? 0 : (counters.get(cell) ?? unseen)),
    toBinned: (counted) => counted,
    unseen,
    min: Number.NEGATIVE_INFINITY,
    max: Number.POSITIVE_INFINITY,
  };
}

/** Whether a value is stored as missing (see core/model/column.ts). */
function isMissing(cell: Cell, nullable: boolean): boolean {
  return typeof cell === 'number' ? Number.isNaN(cell) : nullable && cell === '';
}

type Range = NonNullable<Exclude<Feature, { readonly dtype: 'string' }>['baseline']>;

/**
 * One bin for missing values, and those into which the nine deciles divide all numbers: ten, or fewer if deciles are
 * equal. A value that equals a decile counts half in the bin below and half in the one above. Otherwise a frequent
 * value, which can be several deciles at once, would look like drift. A column of one value has two bins.
 */
function toDecileBins(baseline: Range, round: Round): Bins {
  const { missing } = baseline;
  const deciles = baseline.deciles.map(round).sort((a, b) => a - b);
  const edges = [...new Set(deciles)];
  const below = edges.map((edge) => (deciles.indexOf(edge) + deciles.lastIndexOf(edge) + 2) / 20);
  const shares = [...below, 1].map((share, bin) => share - (below[bin - 1] ?? 0));
  return {
    expected: [missing, ...shares.map((share) => share * (1 - missing))],
    size: 2 * edges.length + 2,
    counterOf: (cell) => {
      const value = cell as number;
      if (Number.isNaN(value)) return 0;
      let bin = 0;
      while (bin < edges.length && value > (edges[bin] as number)) bin += 1;
      return 2 * bin + (value === edges[bin] ? 2 : 1);
    },
    // After the counter of missing values, counters of bins and of the deciles between them alternate.
    toBinned: ([none = 0, ...counters]) => {
      const half = (index: number) => (counters[index] ?? 0) / 2;
      return [none, ...shares.map((_, bin) => half(2 * bin - 1) + (counters[2 * bin] ?? 0) + half(2 * bin + 1))];
    },
    min: round(baseline.min),
    max: round(baseline.max),
  };
}

/**
 * The population stability index: Σ (a − e) · ln(a / e) over the bins' actual (a) and expected (e) shares. Both shares
 * count as at least half a row. So the index is finite, a single stray row hardly moves it, and a bin that is empty on
 * both sides adds nothing.
 */
export function stabilityIndex({ expected, toBinned }: Bins, counters: readonly number[]): number {
  const rows = counters.reduce((sum, count) => sum + count, 0);
  const floor = 0.5 / Math.max(rows, 1);
  const actual = toBinned(counters);
  return expected.reduce((sum, share, bin) => {
    const a = Math.max((actual[bin] ?? 0) / Math.max(rows, 1), floor);
    const e = Math.max(share, floor);
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}
