import type { Feature } from '../../core/model/manifest.ts';
import { describeMissing, suggest } from '../../core/model/names.ts';
import { JobError } from '../job-error.ts';

const maxListed = 10;

/** Why the columns of a table, by their names, are not one for each feature. Columns that the model does not know are fine. */
export function problemsWithNames(names: readonly string[], features: readonly Feature[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const missing = features.filter(({ name }) => !counts.has(name));
  const repeated = features.filter(({ name }) => (counts.get(name) ?? 0) > 1);
  return [
    // To compare names takes long, and the further ones are not told.
    ...missing.map(({ name }, index) => describeMissing(name) + (index < maxListed ? suggest(name, names) : '')),
    ...repeated.map(({ name }) => `the column ${JSON.stringify(name)} is there more than once`),
  ];
}

/** Throws InvalidInput that lists the first problems, if there are any. */
export function refuseColumns(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > maxListed ? [`and ${problems.length - maxListed} more`] : [];
  const listed = [...problems.slice(0, maxListed), ...more].join('; ');
  throw new JobError('InvalidInput', `The columns do not fit the model: ${listed}`);
}

/** The refusal of a column to keep that is not among `names`. `whole` is what has none of this name: `The input`. */
export function noColumnToKeep(whole: string, name: string, names: readonly string[]): JobError {
  const problem = `${whole} has no column ${JSON.stringify(name)} that could be kept${suggest(name, names)}`;
  return new JobError('InvalidJob', problem);
}
