import { suggest } from '../../core/model/names.ts';
import { isRecord, toExpectation } from '../../core/model/value.ts';
import type { JobRequest, MaxFailed, TableFormat } from './job.ts';
import { JobError } from './job-error.ts';
import { findFormat, formatNames, parseMaxFailed } from './option-values.ts';
import { parseS3Location } from './s3-location.ts';

/** A job as the user describes it on AWS, and how many of its slices may be scored at the same time. */
export interface S3Request {
  readonly request: JobRequest;
  /** If left out, the stack's setting. */
  readonly concurrency?: number;
}

const options = ['input', 'output', 'keep', 'probabilities', 'explain', 'maxFailed', 'format', 'concurrency'] as const;
type Options = Readonly<Partial<Record<(typeof options)[number], unknown>>>;

/** Reads the input of an execution. Throws InvalidJob that names the option. */
export function parseS3Request(input: unknown): S3Request {
  if (!isRecord(input)) refuse(toExpectation('the input of the execution to be an object', input));
  refuseUnknown(Object.keys(input));
  const given: Options = input;
  const location = (name: 'input' | 'output') => toLocation(name, given[name]);
  const format = given.format === undefined ? undefined : parseFormat(given.format);
  const maxFailed = given.maxFailed === undefined ? undefined : toMaxFailed(given.maxFailed);
  const request: JobRequest = {
    input: location('input'),
    output: location('output'),
    inputFormat: toFormat('input', location('input'), format),
    outputFormat: toFormat('output', location('output'), format),
    keep: parseKeep(given.keep ?? []),
    probabilities: parseFlag('probabilities', given.probabilities ?? true),
    ...(parseFlag('explain', given.explain ?? false) && { explain: true }),
    ...(maxFailed && { maxFailed }),
  };
  if (request.input === request.output) refuse('output must differ from input');
  return given.concurrency === undefined ? { request } : { request, concurrency: parseConcurrency(given.concurrency) };
}

function refuse(message: string): never {
  throw new JobError('InvalidJob', message);
}

function refuseUnknown(names: readonly string[]): void {
  const unknown = names.find((name) => !(options as readonly string[]).includes(name));
  if (unknown === undefined) return;
  const shown = JSON.stringify(unknown.slice(0, 50));
  const advice = unknown.length > 50 ? '' : suggest(unknown, options);
  refuse(`Unknown option ${shown}${advice || `: expected one of ${options.join(', ')}`}`);
}

function toLocation(name: string, value: unknown): string {
  if (typeof value !== 'string') refuse(toExpectation(`${name} to be s3://bucket/key`, value));
  parseS3Location(value, name);
  if (value.endsWith('/')) refuse(`${name} must be an object, but is a folder: ${JSON.stringify(value)}`);
  return value;
}

function parseFormat(value: unknown): TableFormat {
  if (typeof value !== 'string') refuse(toExpectation(`format to be one of ${formatNames.join(', ')}`, value));
  return findFormat(`.${value}`) ?? refuse(`format must be one of ${formatNames.join(', ')}`);
}

/** The format from the end of the name, or else the one that the job sets. */
function toFormat(name: string, location: string, format: TableFormat | undefined): TableFormat {
  const advice = `must end in one of ${formatNames.map((suffix) => `.${suffix}`).join(', ')}, or set "format"`;
  return findFormat(location) ?? format ?? refuse(`${name} ${advice}`);
}

function parseKeep(value: unknown): JobRequest['keep'] {
  if (value === 'all') return value;
  const expected = 'keep to be "all" or a list of names of columns';
  if (!Array.isArray(value)) refuse(toExpectation(expected, value));
  const odd = value.find((name) => typeof name !== 'string');
  if (odd !== undefined) refuse(toExpectation(expected, odd));
  return value;
}

function parseFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') refuse(toExpectation(`${name} to be true or false`, value));
  return value;
}

function toMaxFailed(value: unknown): MaxFailed {
  const isText = typeof value === 'string' || typeof value === 'number';
  return (isText ? parseMaxFailed(String(value)) : undefined) ?? refuse(`maxFailed must be ${maxFailedForms}`);
}

const maxFailedForms = 'a whole number of rows, or a percentage of them such as "1%"';

function parseConcurrency(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000) return Number(value);
  return refuse('concurrency must be a whole number from 1 to 1000');
}
