import { maxRecordBytes } from '../../../core/csv/grammar.ts';
import { JobError } from '../../job/job-error.ts';

/** The error for a quote that is never closed, after which no row can be read. `row` counts from 0. */
export function neverClosed(location: string, row: number): JobError {
  return new JobError(
    'InvalidInput',
    `${location} cannot be read: a quote opens in row ${row + 1} and is never closed`,
  );
}

/** The error for a row that is too long. Usually a quote in it is not closed, so the field goes on in later lines. */
export function tooLong(location: string, row: number): JobError {
  const problem = `row ${row + 1} is longer than ${maxRecordBytes} bytes: is a quote in it never closed?`;
  return new JobError('InvalidInput', `${location} cannot be read: ${problem}`);
}
