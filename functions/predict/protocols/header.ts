import { createDataErrors } from '../errors.ts';
import type { Feature } from '../model/manifest.ts';

/**
 * Where the column of each feature stands among `names`. Throws InvalidInput that lists the names that are unknown,
 * repeated (at `pointerOf` their position) or missing (at `pointer`).
 */
export function findColumns(
  names: readonly unknown[],
  features: readonly Feature[],
  pointer: string,
  pointerOf: (column: number) => string,
): readonly number[] {
  const errors = createDataErrors();
  const known = new Set<unknown>(features.map(({ name }) => name));
  const seen = new Set<unknown>();
  names.forEach((name, column) => {
    if (!known.has(name)) errors.add(pointerOf(column), 'the model has no feature of this name');
    else if (seen.has(name)) errors.add(pointerOf(column), 'the name stands here more than once');
    seen.add(name);
  });
  for (const name of known) {
    if (!seen.has(name)) errors.add(pointer, `missing feature ${JSON.stringify(name)}`);
  }
  errors.throwIfAny();
  return features.map(({ name }) => names.indexOf(name));
}
