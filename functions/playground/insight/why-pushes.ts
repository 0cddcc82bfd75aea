import { toWords } from '../model.ts';
import type { Account } from './explanation.ts';
import type { Subject } from './subjects.ts';

/** How much one input adds to a number, or takes from it. */
export interface Push {
  /** From -1 to 1: the share of half of the bar, to the left if it is negative. */
  readonly length: number;
  /** The standard error in the same measure; 0 if the contribution is exact. */
  readonly error: number;
  readonly text: string;
  /** Only for screen readers, because there is no room to show it. */
  readonly unit: string;
  /** All that is known of it; shown under the pointer. */
  readonly title: string;
}

/** The push of each feature, by its name. The strongest one has the longest bar. */
export function toPushes({ contributions, errors }: Account, subject: Subject): ReadonlyMap<string, Push> {
  const { unit } = subject;
  const longest = Math.max(...[...contributions.values()].map(Math.abs), leastFull(subject));
  const toPush = (name: string, contribution: number): Push => {
    const error = errors.get(name) ?? 0;
    const text = subject.formatChange(contribution);
    const margin = error > 0 ? `, standard error ${subject.formatSize(error)}${unit}` : '';
    return {
      length: contribution / longest,
      error: error / longest,
      text,
      unit,
      title: `${toWords(name)}: ${text}${unit}${margin}`,
    };
  };
  return new Map([...contributions].map(([name, contribution]) => [name, toPush(name, contribution)]));
}

/**
 * The smallest contribution that may have a full bar. Without it, a contribution of a tenth of a percent could look
 * like a strong reason.
 */
function leastFull({ isShare }: Subject): number {
  return isShare ? 0.02 : Number.MIN_VALUE;
}
