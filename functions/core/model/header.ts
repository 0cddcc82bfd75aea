import { createDataErrors } from '../errors.ts';
import { onceFor } from '../once-for.ts';
import type { Feature } from './manifest.ts';
import { describeUnknown, type Leniency, nameMost, problemWithLack, toAlikes } from './names.ts';

/**
 * Finds the column of each feature among `names`. The position is -1 if a feature has no column and needs none. Throws
 * InvalidInput if a feature lacks a column that it needs, or if a name is unknown or repeated. The error lists these
 * features at `pointer`, and each of these names at `pointerOf` its position.
 */
export function findColumns(
  names: readonly unknown[],
  features: readonly Feature[],
  pointer: string,
  pointerOf: (column: number) => string,
  leniency: Leniency = {},
): readonly number[] {
  const errors = createDataErrors();
  const known = toNames(features);
  const seen = new Set<unknown>();
  const unknown = names.filter((name) => !known.has(name));
  // If fewer than half of the features are named, these may be the values of a row, which an error must not quote.
  const areNames = unknown.length > 0 && nameMost(names, features);
  names.forEach((name, column) => {
    if (seen.has(name) && known.has(name)) errors.add(pointerOf(column), 'the name occurs more than once');
    if (!known.has(name) && !leniency.ignores?.(String(name))) {
      errors.add(pointerOf(column), describeUnknown(areNames ? name : undefined, features, leniency));
    }
    seen.add(name);
  });
  const alikes = toAlikes(unknown);
  for (const feature of features) {
    if (seen.has(feature.name)) continue;
    const problem = problemWithLack(feature, alikes, unknown.length < names.length, leniency);
    if (problem) errors.add(pointer, problem);
  }
  errors.throwIfAny();
  const positions = new Map<unknown, number>(names.map((name, column) => [name, column]));
  return features.map(({ name }) => positions.get(name) ?? -1);
}

const toNames = onceFor(
  (features: readonly Feature[]): ReadonlySet<unknown> => new Set(features.map(({ name }) => name)),
);

/**
 * Throws InvalidInput that lists the rows whose number of values differs from the number of names. If the names are
 * exactly as many as the features, the check of values reports this.
 */
export function checkWidths(
  rows: readonly unknown[],
  names: readonly unknown[],
  features: readonly Feature[],
  pointerOf: (row: number) => string,
): void {
  if (names.length === features.length) return;
  const errors = createDataErrors();
  rows.forEach((row, index) => {
    if (!Array.isArray(row) || row.length === names.length) return;
    errors.add(pointerOf(index), `expected ${names.length} values, one for each column, got ${row.length}`);
  });
  errors.throwIfAny();
}
