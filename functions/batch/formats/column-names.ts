import type { Feature } from '../../core/model/manifest.ts';
import { describeMissing, suggest } from '../../core/model/names.ts';
import { JobError } from '../job/job-error.ts';

const maxListed = 10;

/**
 * Lists the features that have no column in a table, or more than one. Columns that the model does not know are
 * allowed.
 */
export function problemsWithNames(names: readonly string[], features: readonly Feature[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const missing = features.filter(({ name }) => !counts.has(name));
  const repeated = features.filter(({ name }) => (counts.get(name) ?? 0) > 1);
  return [
    // Comparing names is slow, and only the first problems are shown.
    ...missing.map(({ name }, index) => describeMissing(name) + (index < maxListed ? suggest(name, names) : '')),
    ...repeated.map(({ name }) => `the column ${JSON.stringify(name)} occurs more than once`),
  ];
}

/** Throws InvalidInput that lists the first problems and then the advice; does nothing without problems. */
export function refuseColumns(problems: readonly string[], advice = ''): void {
  if (problems.length === 0) return;
  const more = problems.length > maxListed ? [`and ${problems.length - maxListed} more`] : [];
  const listed = [...problems.slice(0, maxListed), ...more].join('; ');
  throw new JobError('InvalidInput', `The columns do not fit the model: ${listed}${advice}`);
}

/**
 * The positions of the columns to keep among `names`. Throws InvalidJob for a column that is missing or occurs more
 * than once.
 */
export function findKeptPositions(names: readonly string[], keep: readonly string[] | 'all'): readonly number[] {
  const positions = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [position, name] of names.entries()) {
    if (positions.has(name)) repeated.add(name);
    positions.set(name, position);
  }
  return (keep === 'all' ? names : keep).map((name) => {
    const position = positions.get(name);
    if (position === undefined) throw noColumnToKeep('The input', name, names);
    if (repeated.has(name)) throw repeatedToKeep(name);
    return position;
  });
}

function repeatedToKeep(name: string): JobError {
  const problem = `The input has more than one column ${JSON.stringify(name)}`;
  return new JobError('InvalidJob', `${problem}: keep other columns, or rename these in the input`);
}

/** The error for a column to keep that is not among `names`. `whole` says what lacks it, such as `The input`. */
export function noColumnToKeep(whole: string, name: string, names: readonly string[]): JobError {
  const problem = `${whole} has no column ${JSON.stringify(name)} that could be kept${suggest(name, names)}`;
  return new JobError('InvalidJob', problem);
}
