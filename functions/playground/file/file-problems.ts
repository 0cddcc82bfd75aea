import { type DataError, Refusal, toSteps } from '../api.ts';
import type { FileRequest } from './file-format.ts';
import type { FileRecord } from './file-records.ts';

/** What is wrong with a row of a file, or with one of its values. */
export interface RowProblem {
  readonly record: FileRecord;
  /** Empty where it is the row as a whole. */
  readonly column: string;
  readonly detail: string;
}

/** The problems of rows that a request was refused for; undefined where it was refused for something else. */
export function toRowProblems(
  error: unknown,
  rows: readonly FileRecord[],
  request: FileRequest,
): readonly RowProblem[] | undefined {
  if (!(error instanceof Refusal) || error.errors.length === 0) return undefined;
  const problems = error.errors.map((one) => toProblem(one, rows, request));
  return problems.every((problem) => problem !== undefined) ? problems : undefined;
}

function toProblem(
  { pointer, detail }: DataError,
  rows: readonly FileRecord[],
  { before, isUnclear }: FileRequest,
): RowProblem | undefined {
  const [position = '', column = ''] = toSteps(pointer);
  const row = position === '' ? -1 : Number(position) - before;
  const record = rows[row];
  // Of a first record that is neither names nor values, the API says so as a whole: it cannot read the others either.
  if (!record || (isUnclear && row === 0 && column === '')) return undefined;
  return { record, column, detail };
}
