import { maxRecordBytes } from '../../../core/csv/grammar.ts';
import { JobError } from '../../job-error.ts';

/** A quote that swallows the rest of a table: nothing after it can be read. `row` counts from 0. */
export function neverClosed(location: string, row: number): JobError {
  return new JobError('InvalidInput', `${location} is broken off: in row ${row + 1} a quote opens and is never closed`);
}

/** As a rule the same, of a table with further quotes. */
export function tooLong(location: string, row: number): JobError {
  const problem = `row ${row + 1} is longer than ${maxRecordBytes} bytes: is a quote in it never closed?`;
  return new JobError('InvalidInput', `${location} cannot be read: ${problem}`);
}
