import { formatName, formatNumber } from '../format.ts';
import type { Grid } from './grid.ts';

/**
 * Divides the map into parts. From the numbers of a point, `place` says which part it is in, and how strongly it is
 * painted (0 to 1).
 */
export interface Cut {
  readonly names: readonly string[];
  place(numbers: readonly number[]): { readonly part: number; readonly strength: number };
}

/**
 * Makes a part for each class: the points where the class is the most probable. The higher its probability, the
 * stronger the paint.
 */
export function cutByClass(names: readonly string[]): Cut {
  return {
    names: names.map(formatName),
    place(numbers) {
      const share = Math.max(...numbers);
      return { part: numbers.indexOf(share), strength: Math.max(0.04, share - 0.3) };
    },
  };
}

const mostBands = 7;

/**
 * Makes a part for each band of the value. Bands end at round numbers. The higher the value, the stronger the paint.
 */
export function cutByValue(grid: Grid): Cut {
  const values = grid.flat().flatMap(([value]) => value ?? []);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const step = toRoundStep((max - min) / mostBands);
  const first = Math.floor(min / step);
  const bands = Math.floor(max / step) - first + 1;
  const name = (band: number) => formatNumber(Number(((first + band) * step).toPrecision(12)));
  return {
    names: Array.from({ length: bands }, (_, band) => `${name(band)} to ${name(band + 1)}`),
    place([value = min]) {
      const part = Math.min(bands - 1, Math.max(0, Math.floor(value / step) - first));
      return { part, strength: 0.05 + 0.65 * (max > min ? (value - min) / (max - min) : 0) };
    },
  };
}

/** The smallest of 1, 2, 5 or 10 times a power of ten that is at least `least`, or at most 0.1 % smaller. */
function toRoundStep(least: number): number {
  if (!(least > 0)) return 1;
  const decimal = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((times) => times * decimal >= least * 0.999) ?? 10) * decimal;
}
