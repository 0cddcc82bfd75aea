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
  /** Whether the figure is a high percentile. It never fails a run, because a few slow requests determine it. */
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

/** Creates a figure that says how many times faster Sepal is. `ours` and `theirs` are times. */
export function timesFaster(named: Named, { ours, theirs, unit }: Compared): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(theirs, ours), true);
}

/** Creates a figure that gives Sepal's value as a multiple of the other system's. */
export function timesAsMuch(named: Named, { ours, theirs, unit }: Compared, higherIsBetter = false): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(ours, theirs), higherIsBetter);
}

function toFigure(named: Named, { ours, theirs, unit }: Compared, ratio: Spread, higherIsBetter: boolean): Figure {
  const id = `${named.what} / ${named.against}`;
  return { ...named, id, ours: unit(median(ours)), theirs: unit(median(theirs)), ratio, higherIsBetter };
}

/** The names, in the tables, of the two systems in Python that several groups of figures compare with. */
export const post = 'scikit-learn in Python';
export const python = 'onnxruntime in Python';
