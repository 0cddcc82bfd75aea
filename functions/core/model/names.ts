import type { Feature } from './manifest.ts';

/** An error gives only the length of a longer name. A name can be as long as a body, and one error lists many. */
export const maxNameShown = 200;

/**
 * The number of names that a misspelt name is compared with. There can be thousands of features and a hundred unknown
 * names.
 */
const maxCompared = 1000;

/** What a protocol accepts beyond one value of the right type per feature. */
export interface Leniency {
  /** Whether a column that the model does not know is ignored. */
  readonly ignores?: (name: string) => boolean;
  /** Advice to add to the error about an unknown column. */
  readonly advise?: (name: string) => string;
  /** Whether a record may leave out a nullable feature. */
  readonly fillsMissing?: boolean;
  /** Whether 1 and 0 are accepted as true and false. */
  readonly takesNumbersAsFlags?: boolean;
  /** Whether `NaT`, which pandas writes, is accepted as a missing timestamp. */
  readonly takesNaT?: boolean;
}

/** Says why a column is refused. May quote the column's name, and suggests a similar name of a feature. */
export function describeUnknown(name: unknown, features: readonly Feature[], { advise }: Leniency = {}): string {
  if (typeof name !== 'string') return 'the model has no feature of this name';
  if (name === '') return 'a column without a name; pandas writes its index as one unless you call to_csv(index=False)';
  if (name.length > maxNameShown) return `the model has no feature with ${describeName(name)}`;
  const names = features.slice(0, maxCompared).map((feature) => feature.name);
  const unknown = `the model has no feature ${JSON.stringify(name)}`;
  const suggestion = suggest(name, names);
  if (suggestion === '' && advise) return `${unknown}; ${advise(name)}`;
  return unknown + suggestion;
}

/** Returns `; did you mean "income"?`, or an empty string if no other name is similar. */
export function suggest(name: string, others: readonly string[]): string {
  const similar = findSimilar(name, others);
  return similar === undefined ? '' : `; did you mean ${JSON.stringify(similar)}?`;
}

/**
 * Names by what is left of them without case, spaces and punctuation. A request can have thousands of names for
 * thousands of features, so each name is looked at once, and not once for each feature.
 */
export type Alikes = ReadonlyMap<string, string>;

export function toAlikes(names: readonly unknown[]): Alikes {
  const texts = names.filter((name) => typeof name === 'string');
  return new Map(texts.map((name) => [toLetters(name), name]));
}

/** Whether at least half of the features are among these names, apart from case, spaces and punctuation. */
export function nameMost(names: readonly unknown[], features: readonly Feature[]): boolean {
  const letters = new Set(names.map((name) => toLetters(String(name))));
  return 2 * features.filter(({ name }) => letters.has(toLetters(name))).length >= features.length;
}

function toLetters(name: string): string {
  return name.toLowerCase().replace(/[\s\p{P}]/gu, '');
}

/** The most similar name: at most two letters differ, and at most a quarter of the letters. */
function findSimilar(name: string, names: readonly string[]): string | undefined {
  const a = toLetters(name);
  let similar: string | undefined;
  let least = 3;
  for (const other of names.slice(0, maxCompared)) {
    if (other.length > maxNameShown) continue;
    const b = toLetters(other);
    const allowed = Math.min(least - 1, Math.floor(Math.max(a.length, b.length) / 4));
    if (Math.abs(a.length - b.length) > allowed) continue;
    const distance = distanceOf(a, b, allowed);
    if (distance <= allowed) [similar, least] = [other, distance];
  }
  return similar;
}

/**
 * The Levenshtein distance of `a`, without its first `at` letters, and `b`, without its first `from` letters; Infinity
 * if it is more than `most`. This branches at each difference, so `most` must be small: here it is at most 2. A table of
 * all pairs of letters would take too long, because one request can compare a hundred thousand pairs of names, each of
 * 200 letters.
 */
function distanceOf(a: string, b: string, most: number, at = 0, from = 0): number {
  let same = 0;
  while (at + same < a.length && a[at + same] === b[from + same]) same += 1;
  const [left, right] = [at + same, from + same];
  if (left === a.length && right === b.length) return 0;
  if (most === 0 || left > a.length || right > b.length) return Number.POSITIVE_INFINITY;
  const replaced = distanceOf(a, b, most - 1, left + 1, right + 1);
  const removed = distanceOf(a, b, most - 1, left + 1, right);
  return 1 + Math.min(replaced, removed, distanceOf(a, b, most - 1, left, right + 1));
}

function describeName(name: string): string {
  return name.length > maxNameShown ? `a name of ${name.length} characters` : JSON.stringify(name);
}

/** The error for a feature that the request leaves out. */
export function describeMissing(name: string): string {
  return `missing feature ${JSON.stringify(name)}`;
}

/**
 * Says why a feature may not be left out; undefined if it may. It may if the protocol allows that, the feature is
 * nullable, and the request names some feature. But it may not if an unknown column has almost its name, even if
 * that column is ignored: a typing mistake would silently become a missing value.
 */
export function problemWithLack(
  { name, nullable }: Feature,
  unknown: Alikes,
  namesSome: boolean,
  { fillsMissing }: Leniency,
): string | undefined {
  const missing = describeMissing(name);
  if (!fillsMissing) return missing;
  // Without unknown names, toLetters need not run. It would run for each row that leaves the feature out.
  const alike = unknown.size > 0 ? unknown.get(toLetters(name)) : undefined;
  if (alike !== undefined) return `${missing}; ${describeName(alike)} is not its name`;
  return nullable && namesSome ? undefined : missing;
}
