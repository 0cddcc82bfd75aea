import { type DataError, RequestError } from '../../../core/errors.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import { writeRow } from '../../../core/model/row-writing.ts';
import type { Reading, Run } from '../format.ts';
import { createRowProblems } from '../row-problems.ts';

/** A parsed row, or the reasons why it could not be parsed. */
export type ReadRow = { readonly value: unknown } | { readonly problems: readonly DataError[] };

/**
 * Checks rows like those of a request, but a bad row does not cause the others to be refused. The feeds hold the rows
 * that fit, in their order.
 */
export function checkRows(rows: readonly ReadRow[], { manifest, limits }: Reading): Pick<Run, 'feeds' | 'problems'> {
  const feeds = createFeeds(manifest, rows.length, limits, leniency);
  const problems = createRowProblems();
  let good = 0;
  for (const [index, row] of rows.entries()) {
    if ('problems' in row) problems.addAll(index, row.problems);
    else writeRow(row.value, good, feeds.writer, (detail, key) => problems.add(index, detail, key));
    // A row that does not fit is overwritten by the next one.
    if (!problems.found.has(index)) good += 1;
  }
  return { feeds: feeds.take(good), problems: problems.found };
}

/** A table may have columns that the model does not know. */
const leniency = { ignores: () => true };

/** The problems that a RequestError lists, or its message as one problem. Rethrows any other error. */
export function problemsOf(error: unknown): readonly DataError[] {
  if (!(error instanceof RequestError)) throw error;
  if (error.errors.length > 0) return error.errors;
  return [{ pointer: '', detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) }];
}
