import { median } from '../statistics.ts';
import type { Figure } from './figure.ts';

/** Estimates how far two runs would differ, from the two halves of this one. */
export function describeRepeatability(figures: readonly Figure[]): string {
  const compared = figures
    .flatMap(({ id, isTail, ratio: { halves } }) => (halves === undefined || isTail ? [] : [{ id, halves }]))
    .sort((a, b) => b.halves - a.halves);
  const [worst] = compared;
  if (!worst) return 'No figure has rounds enough for two halves.';
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const middle = percent(median(compared.map(({ halves }) => halves)));
  return `Between the two halves of the rounds, the median figure differs by ${middle}, and the worst by ${percent(worst.halves)} (${worst.id}).`;
}
