import { toWords } from '../model.ts';
import type { Account } from './explanation.ts';
import type { Subject } from './subjects.ts';

/** How much one input adds to a number, or takes from it. */
export interface Push {
  /** From -1 to 1, of half of the bar. */
  readonly length: number;
  /** In the same measure; 0 where the contribution is exact. */
  readonly error: number;
  readonly text: string;
  /** Said only, as there is no room for it. */
  readonly unit: string;
  /** All that is known of it, for those who point at it. */
  readonly title: string;
}

/** A push of each feature, by its name; the strongest is as long as a bar can be. */
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

/** Tenths of a percent must not look like the reason for anything. */
function leastFull({ isShare }: Subject): number {
  return isShare ? 0.02 : Number.MIN_VALUE;
}
