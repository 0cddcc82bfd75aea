import { median } from '../statistics.ts';
import type { Figure } from './figure.ts';

/** Estimates how far two runs would differ, from the two halves of this one. */
export function describeRepeatability(figures: readonly Figure[]): string {
  const compared = figures
    .flatMap(({ id, isTail, ratio: { halves } }) => (halves === undefined || isTail ? [] : [{ id, halves }]))
    .sort((a, b) => b.halves - a.halves);
  const [worst] = compared;
  if (!worst) return 'No figure has enough rounds for two halves.';
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const middle = percent(median(compared.map(({ halves }) => halves)));
  const largest = `the largest difference is ${percent(worst.halves)} (${worst.id})`;
  return `Half of the figures differ by at most ${middle} between the two halves of their rounds; ${largest}.`;
}
