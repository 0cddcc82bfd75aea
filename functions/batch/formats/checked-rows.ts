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

/** Checks rows as the API does, but each for itself. */
export function checkRows(rows: readonly ReadRow[], reading: Reading): CheckedRows {
  const problems = new Map<number, readonly DataError[]>();
  const read: { readonly row: number; readonly value: unknown }[] = [];
  for (const [row, content] of rows.entries()) {
    if ('value' in content) read.push({ row, value: content.value });
    else problems.set(row, content.problems);
  }
  const checked = checkValues(
    read.map(({ value }) => value),
    reading,
  );
  if (checked instanceof Map) {
    for (const [index, found] of checked) problems.set(read[index]?.row ?? index, found);
    const fitting = read.flatMap(({ row, value }) => (problems.has(row) ? [] : [value]));
    return { feeds: toRowFeeds(fitting, reading), problems };
  }
  return { feeds: checked, problems };
}

type Problems = Map<number, readonly DataError[]>;

/** What the model is asked; or, where a row does not fit, the problems of all rows, by their positions. */
function checkValues(values: readonly unknown[], reading: Reading): Tensors | Problems {
  try {
    return toRowFeeds(values, reading);
  } catch (error) {
    const errors = problemsOf(error);
    if (errors.length < mostListed || values.length === 1) return byRow(errors);
    const middle = Math.floor(values.length / 2);
    const halves = [checkValues(values.slice(0, middle), reading), checkValues(values.slice(middle), reading)];
    return new Map(halves.flatMap((half, index) => (half instanceof Map ? startAt(half, index * middle) : [])));
  }
}

/** A refusal lists no more: there may be others. */
const mostListed = 100;

function startAt(problems: Problems, start: number): [number, readonly DataError[]][] {
  return Array.from(problems, ([row, found]) => [row + start, found]);
}

/** Pointers begin with the position of the row. */
function byRow(errors: readonly DataError[]): Problems {
  const problems = new Map<number, DataError[]>();
  for (const { pointer, detail } of errors) {
    const end = `${pointer}/`.indexOf('/', 1);
    const row = Number(pointer.slice(1, end));
    const found = problems.get(row) ?? [];
    found.push({ pointer: pointer.slice(end), detail });
    problems.set(row, found);
  }
  return problems;
}

/** What a refusal lists, or says as a whole. Throws what is no refusal. */
export function problemsOf(error: unknown): readonly DataError[] {
  if (!(error instanceof RequestError)) throw error;
  if (error.errors.length > 0) return error.errors;
  return [{ pointer: '', detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) }];
}

function toRowFeeds(rows: readonly unknown[], { manifest, limits }: Reading): Tensors {
  return toFeeds({ rows, pointerOf, leniency }, manifest, limits);
}

const pointerOf = (row: number, key?: string | number) => `/${row}${toPointerStep(key)}`;

/** A table has more columns than the model knows. */
const leniency = { ignores: () => true };
