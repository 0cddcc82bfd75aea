import type { Value } from '../model.ts';
import type { Subject } from './subjects.ts';
import type { Sweep } from './sweep-values.ts';

/** The number at each value of a sweep. */
export interface Curve {
  readonly sweep: Sweep;
  readonly numbers: readonly number[];
  readonly subject: Subject;
}

/** The value that is chosen now, and the model's answer to it. */
export interface Mark {
  readonly value: Value;
  readonly number: number;
}

/**
 * The scale of a curve: 0 to 1 for shares. For other numbers, it is the range that they cover, so that a small change
 * can be seen.
 */
export function toRange({ numbers, subject: { isShare } }: Curve, { number }: Mark): readonly [number, number] {
  if (isShare) return [0, 1];
  const all = [...numbers, number].filter(Number.isFinite);
  return [Math.min(...all), Math.max(...all)];
}
