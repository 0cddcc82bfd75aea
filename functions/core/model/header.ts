import { createDataErrors } from '../errors.ts';
import { onceFor } from '../once-for.ts';
import type { Feature } from './manifest.ts';
import { describeUnknown, type Leniency, nameMost, problemWithLack } from './names.ts';

/**
 * Where the column of each feature stands among `names`; -1 of a feature that is left out and missing. Throws InvalidInput
 * that lists the names that are unknown, repeated (at `pointerOf` their position) or missing (at `pointer`).
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
  // Else they may be the values of a row, which no error quotes.
  const areNames = unknown.length > 0 && nameMost(names, features);
  names.forEach((name, column) => {
    if (seen.has(name) && known.has(name)) errors.add(pointerOf(column), 'the name stands here more than once');
    if (!known.has(name) && !leniency.ignores?.(String(name))) {
      errors.add(pointerOf(column), describeUnknown(areNames ? name : undefined, features, leniency));
    }
    seen.add(name);
  });
  for (const feature of features) {
    if (seen.has(feature.name)) continue;
    const problem = problemWithLack(feature, unknown, unknown.length < names.length, leniency);
    if (problem) errors.add(pointer, problem);
  }
  errors.throwIfAny();
  return features.map(({ name }) => names.indexOf(name));
}

const toNames = onceFor(
  (features: readonly Feature[]): ReadonlySet<unknown> => new Set(features.map(({ name }) => name)),
);

/**
 * Throws InvalidInput that lists the rows which have not as many values as there are names. Where these are exactly the
 * features', the model's own check says so.
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
    errors.add(pointerOf(index), `expected ${names.length} values, as there are columns, got ${row.length}`);
  });
  errors.throwIfAny();
}
