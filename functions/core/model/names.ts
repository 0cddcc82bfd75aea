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
    const distance = distanceOf(a, b);
    if (distance <= allowed) [similar, least] = [other, distance];
  }
  return similar;
}

/** The Levenshtein distance. */
function distanceOf(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (before[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = current;
  }
  return before[b.length] ?? 0;
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
  const alike = unknown.get(toLetters(name));
  if (alike !== undefined) return `${missing}; ${describeName(alike)} is not its name`;
  return nullable && namesSome ? undefined : missing;
}
