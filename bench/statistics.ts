/** A ratio over all rounds: its median, quartiles (`low`, `high`), minimum (`least`) and maximum (`most`). */
export interface Spread {
  readonly median: number;
  /** How many rounds there were. */
  readonly rounds: number;
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
  /**
   * The share by which the larger of two medians exceeds the smaller: that of the first half of the rounds, and that of
   * the second. Undefined for fewer than four rounds.
   */
  readonly halves: number | undefined;
}

/** Returns a quantile. Interpolates linearly between the two nearest values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function spreadOf(values: readonly number[]): Spread {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share)) as [number, number, number];
  return {
    median: middle,
    rounds: values.length,
    low,
    high,
    least: quantile(values, 0),
    most: quantile(values, 1),
    halves: compareHalves(values),
  };
}

/** Estimates the difference between two runs, by comparing the first half of the rounds with the second. */
function compareHalves(values: readonly number[]): number | undefined {
  if (values.length < 4) return undefined;
  const middle = Math.floor(values.length / 2);
  const [first, second] = [median(values.slice(0, middle)), median(values.slice(middle))];
  return Math.max(first, second) / Math.min(first, second) - 1;
}

/**
 * Divides each numerator by the denominator of the same round, because what slows the machine in a round slows both.
 * Returns a spread without rounds if the denominators were not measured.
 */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Spread {
  if (denominators.length === 0) return spreadOf([]);
  return spreadOf(numerators.map((numerator, index) => numerator / (denominators[index] ?? Number.NaN)));
}

/** The slope of the line through (log x, log y): 1 if y grows linearly with x. */
export function growth(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** A distribution for a plot: the quantiles at `shares`. */
export const shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 1] as const;

export function curveOf(values: readonly number[]): number[] {
  return shares.map((share) => quantile(values, share));
}
