import type { TableFormat } from '../../functions/batch/job/job.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { findFormat, formatNames } from '../../functions/batch/job/option-values.ts';

/**
 * The formats of the input and the output. Each follows from the end of its name, or else from `given`. If two formats
 * are given, they are those of the input and the output, whatever the names. Throws InvalidJob.
 */
export function toFormats(input: string, output: string, given?: string) {
  const [first, second, ...others] = given?.split(',') ?? [];
  if (others.length > 0) throw new JobError('InvalidJob', '--format takes one format, or two: csv,jsonl');
  if (first !== undefined && second !== undefined) return { inputFormat: parse(first), outputFormat: parse(second) };
  const parsed = first === undefined ? undefined : parse(first);
  return { inputFormat: toFormat(input, parsed), outputFormat: toFormat(output, parsed) };
}

function toFormat(name: string, given: TableFormat | undefined): TableFormat {
  const format = findFormat(name) ?? given;
  if (format) return format;
  const what = name === '-' ? 'A standard stream' : JSON.stringify(name);
  throw new JobError('InvalidJob', `${what} does not say its format: add --format csv, jsonl or parquet`);
}

function parse(text: string): TableFormat {
  const format = findFormat(`.${text}`);
  if (format) return format;
  throw new JobError(
    'InvalidJob',
    `--format takes ${formatNames.slice(0, -1).join(', ')} or ${formatNames.at(-1)}, but is ${JSON.stringify(text)}`,
  );
}
