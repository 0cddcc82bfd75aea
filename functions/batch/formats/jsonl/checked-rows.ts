import { type DataError, RequestError } from '../../../core/errors.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import { writeRow } from '../../../core/model/row-writing.ts';
import type { Tensors } from '../../../core/model/tensor.ts';
import { toPointerStep } from '../../../core/pointer.ts';
import type { Reading } from '../format.ts';

/** A row that was read, or why it could not be. */
export type ReadRow = { readonly value: unknown } | { readonly problems: readonly DataError[] };

/** What the model is asked, and the rows that it is not. */
export interface CheckedRows {
  readonly feeds: Tensors;
  /** By the row's position. */
  readonly problems: ReadonlyMap<number, readonly DataError[]>;
}

/** Checks rows as the API does, but each for itself. */
export function checkRows(rows: readonly ReadRow[], { manifest, limits }: Reading): CheckedRows {
  const feeds = createFeeds(manifest, rows.length, limits, leniency);
  const problems = new Map<number, readonly DataError[]>();
  let good = 0;
  for (const [index, row] of rows.entries()) {
    const found: DataError[] = 'problems' in row ? [...row.problems] : [];
    if ('value' in row) {
      writeRow(row.value, good, feeds.writer, (detail, key) => found.push({ pointer: toPointerStep(key), detail }));
    }
    // The next row is written over one that does not fit.
    if (found.length === 0) good += 1;
    else problems.set(index, found);
  }
  return { feeds: feeds.take(good), problems };
}

/** A table has more columns than the model knows. */
const leniency = { ignores: () => true };

/** What a refusal lists, or says as a whole. Throws what is no refusal. */
export function problemsOf(error: unknown): readonly DataError[] {
  if (!(error instanceof RequestError)) throw error;
  if (error.errors.length > 0) return error.errors;
  return [{ pointer: '', detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) }];
}
