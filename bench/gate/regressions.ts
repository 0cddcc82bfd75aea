import { readFile, writeFile } from 'node:fs/promises';
import type { Figure } from '../figures/figure.ts';
import { median } from '../statistics.ts';

/**
 * The median and the range of each ratio over ten calibrating runs of one commit, half of them under load. Written by
 * `npm run bench -- --calibrate`.
 */
const file = 'bench/gate/expected.json';

/**
 * A figure can fail the gate only if it is repeatable: over the calibrating runs, its largest ratio is at most this
 * many times its smallest.
 */
export const largestSpread = 1.5;

/**
 * A gated ratio may be this many times worse than the median of its calibrating runs. The margin is wider than
 * largestSpread, because a run of the gate may meet worse conditions than the calibrating runs, even those under load.
 */
export const margin = 2;

/** The values of a ratio over the calibrating runs. */
interface Expected {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export type Calibration = Readonly<Record<string, Expected>>;

/** `runs` are the figures of each calibrating run. A figure that is missing in one of them is left out. */
export function toCalibration(runs: readonly (readonly Figure[])[]): Calibration {
  const [first = []] = runs;
  const entries = first.map(({ id }): [string, Expected] => {
    const ratios = runs.map((figures) => figures.find((figure) => figure.id === id)?.ratio.median ?? Number.NaN);
    const round = (value: number) => Number(value.toPrecision(3));
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
    return [id, { median: round(median(ratios)), low: round(low), high: round(high) }];
  });
  return Object.fromEntries(entries.filter(([, { low }]) => !Number.isNaN(low)));
}

export async function writeCalibration(calibration: Calibration): Promise<void> {
  await writeFile(file, `${JSON.stringify(calibration, null, 2)}\n`);
}

export async function readCalibration(): Promise<Calibration> {
  return JSON.parse(await readFile(file, 'utf8')) as Calibration;
}

/** The gate's judgement of a figure. `gated` is false for a figure that is only shown. */
export interface Judgement {
  readonly id: string;
  readonly text: string;
  readonly gated: boolean;
  readonly failed: boolean;
}

/**
 * Judges a figure. Figures that are not calibrated or not repeatable, and all high percentiles, are only shown, because
 * they may change with the machine while the code stays the same. A gated figure fails if all its rounds are worse than
 * the bound. Another process that uses the processor for a while makes only some rounds worse; slower code makes all of
 * them worse.
 */
export function judge({ id, ratio, higherIsBetter, isTail }: Figure, calibration: Calibration): Judgement {
  const value = ratio.median.toFixed(2);
  if (isTail)
    return { id, text: `shown  ${id}: ${value} (a high percentile, which cannot fail)`, gated: false, failed: false };
  const expected = calibration[id];
  if (!expected) return { id, text: `shown  ${id}: ${value} (not calibrated)`, gated: false, failed: false };
  const spread = expected.high / expected.low;
  if (!(spread <= largestSpread)) {
    const range = `${expected.low} to ${expected.high} when calibrated, which is too far apart to test`;
    return { id, text: `shown  ${id}: ${value} (${range})`, gated: false, failed: false };
  }
  const bound = higherIsBetter ? expected.median / margin : expected.median * margin;
  const failed = !(higherIsBetter ? ratio.most >= bound : ratio.least <= bound);
  const limit = `at least one round must have ${bound.toFixed(2)} or ${higherIsBetter ? 'more' : 'less'}`;
  return { id, text: `${failed ? 'FAILED' : 'passed'} ${id}: ${value} (${limit})`, gated: true, failed };
}
