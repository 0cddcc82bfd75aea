import { median, ratioOf, type Spread } from '../statistics.ts';

/** A ratio between Sepal and another system or a limit, with its target if it has one. */
export interface Figure {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly against: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: Spread;
  /** Whether a larger ratio is better. */
  readonly higherIsBetter: boolean;
  readonly target?: number;
  /** Whether it is a high percentile, which a few slow requests determine: it is shown, but never fails a run. */
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

/** How many times faster Sepal is. */
export function timesFaster(named: Named, { ours, theirs, unit }: Compared): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(theirs, ours), true);
}

/** Sepal's value as a multiple of the other system's. */
export function timesAsMuch(named: Named, { ours, theirs, unit }: Compared, higherIsBetter = false): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(ours, theirs), higherIsBetter);
}

function toFigure(named: Named, { ours, theirs, unit }: Compared, ratio: Spread, higherIsBetter: boolean): Figure {
  const id = `${named.what} / ${named.against}`;
  return { ...named, id, ours: unit(median(ours)), theirs: unit(median(theirs)), ratio, higherIsBetter };
}

/** What the tables call the two systems in Python that several groups compare with. */
export const post = 'scikit-learn in Python';
export const python = 'onnxruntime in Python';
