import { readFile, writeFile } from 'node:fs/promises';
import type { Figure } from './figures/figure.ts';
import { median } from './statistics.ts';

/** What quick runs gave when nothing had changed: written by `npm run bench -- --calibrate`. */
const file = 'bench/expected.json';

/** A figure decides the gate only if it repeats: its largest ratio over the calibrating runs is at most this times its smallest. */
export const largestSpread = 1.5;

/** How many times worse than its median a gated ratio may be. More than largestSpread, as a run may be on a busy machine. */
export const margin = 2;

/** A ratio over the calibrating runs. */
interface Expected {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export type Calibration = Readonly<Record<string, Expected>>;

/** `runs` are the figures of each calibrating run. A figure that one of them lacks is left out. */
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

/** What the gate says of each figure: `gated` is false for one that is only shown. */
export interface Judgement {
  readonly id: string;
  readonly text: string;
  readonly gated: boolean;
  readonly failed: boolean;
}

/**
 * A figure that does not repeat is shown and not gated, and so is a percentile that noise rules: its failure would tell of the
 * machine and not of the code. One that is gated fails where each of its rounds is beyond the bound: a process that takes the
 * processor for a while leaves other rounds as they are, and a change of the code does not.
 */
export function judge({ id, ratio, higherIsBetter, isTail }: Figure, calibration: Calibration): Judgement {
  const value = ratio.median.toFixed(2);
  if (isTail) return { id, text: `shown  ${id}: ${value}, a tail`, gated: false, failed: false };
  const expected = calibration[id];
  if (!expected) return { id, text: `shown  ${id}: ${value}, not calibrated`, gated: false, failed: false };
  const spread = expected.high / expected.low;
  if (!(spread <= largestSpread)) {
    const range = `${expected.low} to ${expected.high} without a change`;
    return { id, text: `shown  ${id}: ${value} (${range})`, gated: false, failed: false };
  }
  const bound = higherIsBetter ? expected.median / margin : expected.median * margin;
  const failed = !(higherIsBetter ? ratio.most >= bound : ratio.least <= bound);
  const limit = `at ${higherIsBetter ? 'least' : 'most'} ${bound.toFixed(2)} in one round`;
  return { id, text: `${failed ? 'FAILED' : 'passed'} ${id}: ${value}, ${limit}`, gated: true, failed };
}
