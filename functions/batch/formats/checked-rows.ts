import { type DataError, RequestError } from '../../core/errors.ts';
import { toFeeds } from '../../core/model/columns.ts';
import type { Tensors } from '../../core/model/tensor.ts';
import { toPointerStep } from '../../core/pointer.ts';
import type { Reading } from './format.ts';

/** A row that was read, or why it could not be. */
export type ReadRow = { readonly value: unknown } | { readonly problems: readonly DataError[] };

/** What the model is asked, and the rows that it is not. */
export interface CheckedRows {
  readonly feeds: Tensors;
  /** By the row's position. */
  readonly problems: ReadonlyMap<number, readonly DataError[]>;
}

/** Checks rows as the API does, but each for itself: all at once first, as most fit, and one by one where one does not. */
export function checkRows(rows: readonly ReadRow[], reading: Reading): CheckedRows {
  const problems = new Map(rows.flatMap((row, index) => ('value' in row ? [] : [[index, row.problems] as const])));
  const feeds = tryFeeds(rows, reading);
  if (feeds) return { feeds, problems };
  for (const [index, row] of rows.entries()) {
    const found = 'value' in row ? problemsWith(row.value, reading) : [];
    if (found.length > 0) problems.set(index, found);
  }
  const fitting = rows.filter((_, index) => !problems.has(index));
  return { feeds: toRowFeeds(valuesOf(fitting), reading), problems };
}

/** Undefined where a row does not fit. */
function tryFeeds(rows: readonly ReadRow[], reading: Reading): Tensors | undefined {
  try {
    return toRowFeeds(valuesOf(rows), reading);
  } catch (error) {
    problemsOf(error);
    return undefined;
  }
}

function valuesOf(rows: readonly ReadRow[]): readonly unknown[] {
  return rows.flatMap((row) => ('value' in row ? [row.value] : []));
}

function problemsWith(value: unknown, reading: Reading): readonly DataError[] {
  try {
    toRowFeeds([value], reading);
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

/** What a refusal says of one row. Throws what is no refusal. */
export function problemsOf(error: unknown): readonly DataError[] {
  if (!(error instanceof RequestError)) throw error;
  if (error.errors.length > 0) return error.errors;
  return [{ pointer: '', detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) }];
}

function toRowFeeds(rows: readonly unknown[], { manifest, limits }: Reading): Tensors {
  return toFeeds({ rows, pointerOf, leniency }, manifest, limits);
}

const pointerOf = (_: number, key?: string | number) => toPointerStep(key);

/** A table has more columns than the model knows. */
const leniency = { ignores: () => true };
