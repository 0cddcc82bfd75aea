import type { Categories, Feature } from '../../core/model/manifest.ts';
import type { DType } from '../../core/model/tensor.ts';
import { toModelValue } from '../../core/model/value.ts';

/** A value as a tensor holds it, an int64 as a number. */
export type Cell = string | number;

/** Where the values of a feature are counted, and the share of the training data's that was there. */
export interface Bins {
  readonly expected: readonly number[];
  /** How many counters there are: more than bins where a counter is shared between two. */
  readonly size: number;
  /** The index of the value's counter. */
  readonly counterOf: (cell: Cell) => number;
  /** The rows of each bin. */
  readonly toBinned: (counters: readonly number[]) => readonly number[];
  /** The counter of values that are no category. */
  readonly unseen?: number;
  /** What the training data had, where it is a range. */
  readonly min: number;
  readonly max: number;
}

/**
 * Whatever has categories is binned by them, whether they are numbers or not. Where nothing is known of the training data, the
 * bins only count: what is expected of them says nothing.
 */
export function toBins(feature: Feature, tensor: DType): Bins {
  const round = tensor === 'float32' ? Math.fround : Number;
  if (feature.categories) return toCategoryBins(feature, feature.categories, round);
  if (feature.dtype === 'string' || !feature.baseline) return toMissingBins(feature);
  return toDecileBins(feature.baseline, round);
}

/** Where neither range nor categories are published: one for what is missing, and one for all others. None is unseen. */
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

/** To what a tensor holds. */
type Round = (value: number) => number;

/** One for what is missing, one for each category, and one for all others. */
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

/** As columns.ts stores it. */
function isMissing(cell: Cell, nullable: boolean): boolean {
  return typeof cell === 'number' ? Number.isNaN(cell) : nullable && cell === '';
}

type Range = NonNullable<Exclude<Feature, { readonly dtype: 'string' }>['baseline']>;

/**
 * One for what is missing, and one between each two deciles: ten, or fewer where deciles are equal. A value that is a decile
 * counts half in the bin below it and half in the one above. So frequent values, of which a decile tells only that it lies
 * somewhere among them, do not look like drift, and a column of one value has two bins.
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
    // Behind the one for what is missing, those of bins and of the deciles between them take turns.
    toBinned: ([none = 0, ...counters]) => {
      const half = (index: number) => (counters[index] ?? 0) / 2;
      return [none, ...shares.map((_, bin) => half(2 * bin - 1) + (counters[2 * bin] ?? 0) + half(2 * bin + 1))];
    },
    min: round(baseline.min),
    max: round(baseline.max),
  };
}

/**
 * The population stability index, Σ (a − e) · ln(a / e) over the bins' actual and expected shares. A share of less than half
 * a row counts as half a row, on both sides: so it is finite, one stray row hardly moves it, and a bin that is empty on both
 * sides adds nothing.
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
