import type { Prediction } from '../model.ts';
import type { Subject } from './subjects.ts';

type Nested = number | { readonly [name: string]: Nested };

/** A prediction, and where it was asked for, its reasons in words, the strongest first. */
export type Reasoned = Prediction & { readonly reasons?: readonly string[] | undefined };

/** What POST /explain says of one row. */
export type Explained = Prediction & {
  readonly base: Nested;
  readonly contributions: Nested;
  /** Only where the contributions are estimates. */
  readonly standard_errors?: Nested;
  readonly method: { readonly name: string; readonly background: number; readonly pairs?: number };
};

/** How one number of an answer comes about: the base and all contributions add up to it. */
export interface Account {
  readonly base: number;
  /** By the feature's name. */
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

/** The features that matter most to a number, first. */
export function rank({ contributions }: Account): readonly (readonly [name: string, contribution: number])[] {
  return [...contributions].toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a));
}
