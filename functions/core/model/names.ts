import type { Feature } from './manifest.ts';

/** Longer names are told by their length: a name can be as long as a body, and a refusal lists many. */
export const maxNameShown = 200;

/** Names that a feature's name is compared with. There can be thousands of features, and a hundred unknown names. */
const maxCompared = 1000;

/** What a request may hold besides the value of each feature under its name. */
export interface Leniency {
  /** Whether a column that the model does not know is left out. */
  readonly ignores?: (name: string) => boolean;
  /** What else can be done about a column that is refused. */
  readonly advise?: (name: string) => string;
  /** Whether a record may lack a feature that may be missing. */
  readonly fillsMissing?: boolean;
  /** Whether 1 and 0 are true and false. */
  readonly takesNumbersAsFlags?: boolean;
  /** Whether `NaT` is a missing time, as pandas writes it. */
  readonly takesNaT?: boolean;
}

/** Why a column is refused. Its name is no value of a row; one of the model's that is like it is told beside it. */
export function describeUnknown(name: unknown, features: readonly Feature[], { advise }: Leniency = {}): string {
  if (typeof name !== 'string') return 'the model has no feature of this name';
  if (name === '') return 'a column without a name: pandas writes its index so, unless to_csv is told index=False';
  if (name.length > maxNameShown) return `the model has no feature with a name of ${name.length} characters`;
  const names = features.slice(0, maxCompared).map((feature) => feature.name);
  const unknown = `the model has no feature ${JSON.stringify(name)}`;
  const suggestion = suggest(name, names);
  if (suggestion === '' && advise) return `${unknown}; ${advise(name)}`;
  return unknown + suggestion;
}

/** What follows a name that is not there: `; did you mean "income"?`, or nothing where none of the others is like it. */
export function suggest(name: string, others: readonly string[]): string {
  const similar = findSimilar(name, others);
  return similar === undefined ? '' : `; did you mean ${JSON.stringify(similar)}?`;
}

/** Whether two names differ in nothing but case, spaces and punctuation. */
function isAlike(name: string, other: string): boolean {
  return toLetters(name) === toLetters(other);
}

/** Whether half of the features are among these names, give or take case, spaces and punctuation. */
export function nameMost(names: readonly unknown[], features: readonly Feature[]): boolean {
  const letters = new Set(names.map((name) => toLetters(String(name))));
  return 2 * features.filter(({ name }) => letters.has(toLetters(name))).length >= features.length;
}

function toLetters(name: string): string {
  return name.toLowerCase().replace(/[\s\p{P}]/gu, '');
}

/** The one of some names that differs least: in no letter, or in one or two of many. */
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

/** Levenshtein's. */
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

/** What is said of a feature that is not there. */
export function describeMissing(name: string): string {
  return `missing feature ${JSON.stringify(name)}`;
}

/**
 * Why a feature may not be left out, or undefined where it may: if the protocol allows it, the request names some feature,
 * and no column that is ignored has almost its name. With a mistake in its name it would be missing, and nobody see it.
 */
export function problemWithLack(
  { name, nullable }: Feature,
  unknown: readonly unknown[],
  namesSome: boolean,
  { fillsMissing }: Leniency,
): string | undefined {
  const missing = describeMissing(name);
  if (!fillsMissing) return missing;
  const alike = unknown.find((other) => typeof other === 'string' && isAlike(other, name));
  if (alike !== undefined) return `${missing}; ${JSON.stringify(alike)} is not its name`;
  return nullable && namesSome ? undefined : missing;
}
