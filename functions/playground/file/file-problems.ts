import { type DataError, Refusal, toSteps } from '../api.ts';
import type { FileRequest } from './file-format.ts';
import type { FileRecord } from './file-records.ts';

/** A problem with a row of a file, or with one of its values. */
export interface RowProblem {
  readonly record: FileRecord;
  /** Empty if the problem is with the whole row. */
  readonly column: string;
  readonly detail: string;
}

/** The rows whose problems an error lists. Undefined if the request was refused for another reason. */
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
  // If the first record is neither a header nor a row, the API reports that about the whole record. The other records
  // are then unreadable too, so it is no problem of one row.
  if (!record || (isUnclear && row === 0 && column === '')) return undefined;
  return { record, column, detail };
}
