import { median, ratioOf, type Spread } from '../statistics.ts';

/** A ratio between Sepal and something else, and what it should be. */
export interface Figure {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly against: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: Spread;
  /** Whether more is better; else less is. */
  readonly higherIsBetter: boolean;
  readonly target?: number;
  /** Whether it is a percentile far out, which a few slow requests decide: it is shown, and judges nothing. */
  readonly isTail?: boolean;
}

export function isMet({ ratio, target, higherIsBetter }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return higherIsBetter ? ratio.median >= target : ratio.median <= target;
}

export interface Compared {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly unit: (value: number) => string;
}

export type Named = Pick<Figure, 'group' | 'what' | 'against' | 'target' | 'isTail'>;

/** How many times ours is faster. */
export function timesFaster(named: Named, { ours, theirs, unit }: Compared): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(theirs, ours), true);
}

/** How many times theirs ours is. */
export function timesAsMuch(named: Named, { ours, theirs, unit }: Compared, higherIsBetter = false): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(ours, theirs), higherIsBetter);
}

function toFigure(named: Named, { ours, theirs, unit }: Compared, ratio: Spread, higherIsBetter: boolean): Figure {
  const id = `${named.what} / ${named.against}`;
  return { ...named, id, ours: unit(median(ours)), theirs: unit(median(theirs)), ratio, higherIsBetter };
}

/** What others are called in the tables. */
export const post = 'scikit-learn in Python';
export const python = 'onnxruntime in Python';
