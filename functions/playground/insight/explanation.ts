import type { Prediction } from '../model.ts';
import type { Subject } from './subjects.ts';

type Nested = number | { readonly [name: string]: Nested };

/** A prediction and, if they were asked for, its reasons in words. The strongest reason is first. */
export type Reasoned = Prediction & { readonly reasons?: readonly string[] | undefined };

/** The answer of POST /explain about one row. */
export type Explained = Prediction & {
  readonly base: Nested;
  readonly contributions: Nested;
  /** Only where the contributions are estimates. */
  readonly standard_errors?: Nested;
  readonly method: { readonly name: string; readonly background: number; readonly pairs?: number };
};

/** The explanation of one number of an answer: the base and all contributions add up to it. */
export interface Account {
  readonly base: number;
  /** By the name of the feature. */
  readonly contributions: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<string, number>;
}

export function toAccount({ base, contributions, standard_errors }: Explained, { path }: Subject): Account {
  const toMap = (nested: Nested | undefined) => new Map(Object.entries(at(nested, path) ?? {}) as [string, number][]);
  return { base: at(base, path) as number, contributions: toMap(contributions), errors: toMap(standard_errors) };
}

function at(nested: Nested | undefined, path: readonly string[]): Nested | undefined {
  return path.reduce<Nested | undefined>(
    (inner, name) => (typeof inner === 'object' ? inner[name] : undefined),
    nested,
  );
}

/** The contributions, from the largest to the smallest, whatever their sign. */
export function rank({ contributions }: Account): readonly (readonly [name: string, contribution: number])[] {
  return [...contributions].toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a));
}
