import { type DataError, RequestError } from '../../../core/errors.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import { writeRow } from '../../../core/model/row-writing.ts';
import type { Reading, Run } from '../format.ts';
import { createRowProblems } from '../row-problems.ts';

/** A row that was read, or why it could not be. */
export type ReadRow = { readonly value: unknown } | { readonly problems: readonly DataError[] };

/** Checks rows as the API does, but each for itself; the feeds are of those that fit, in their order. */
export function checkRows(rows: readonly ReadRow[], { manifest, limits }: Reading): Pick<Run, 'feeds' | 'problems'> {
  const feeds = createFeeds(manifest, rows.length, limits, leniency);
  const problems = createRowProblems();
  let good = 0;
  for (const [index, row] of rows.entries()) {
    if ('problems' in row) problems.addAll(index, row.problems);
    else writeRow(row.value, good, feeds.writer, (detail, key) => problems.add(index, detail, key));
    // The next row is written over one that does not fit.
    if (!problems.found.has(index)) good += 1;
  }
  return { feeds: feeds.take(good), problems: problems.found };
}

/** A table has more columns than the model knows. */
const leniency = { ignores: () => true };

/** What a refusal lists, or says as a whole. Throws what is no refusal. */
export function problemsOf(error: unknown): readonly DataError[] {
  if (!(error instanceof RequestError)) throw error;
  if (error.errors.length > 0) return error.errors;
  return [{ pointer: '', detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) }];
}
