import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { MaxFailed, TableFormat } from '../../functions/batch/job.ts';
import { JobError } from '../../functions/batch/job-error.ts';
import { parseMaxFailed } from '../../functions/batch/option-values.ts';
import { toFormats } from './table-formats.ts';

export const usage = `Usage: npm run batch -- [options] <input> <output>

Scores each row of a table with a model. Formats follow from the names: .csv, .jsonl or .ndjson, .parquet, and
.csv.gz or .jsonl.gz. - is standard input or output.

  --model <name or path>   the model, as npm start takes it; else the environment variable MODEL names it
  --keep <names> | all     columns of the input that stand before the prediction: id,region
  --probabilities yes|no   whether probabilities, scores or distances stand beside the label (yes)
  --max-failed <n> | <n>%  exit with 3 where more rows have no prediction; the output is written even so
  --jobs <n>               processes that score (${availableParallelism()}, the cores of this machine)
  --resume                 go on where a run of the same job was interrupted
  --format <format>        where a name does not say it: csv, or csv,jsonl for the input and the output
  --help                   this text

Exit status: 0 done, 2 wrong input or options, 3 too many failed rows, 130 interrupted (--resume goes on), 1 a defect`;

/** What a command line asks for. Paths are as they were typed; `-` is a standard stream. */
export interface Options {
  readonly input: string;
  readonly output: string;
  readonly inputFormat: TableFormat;
  readonly outputFormat: TableFormat;
  readonly model?: string | undefined;
  readonly keep: readonly string[] | 'all';
  readonly probabilities: boolean;
  readonly maxFailed?: MaxFailed;
  readonly jobs: number;
  readonly resume: boolean;
  /** For tests: bytes of a slice. */
  readonly sliceBytes?: number | undefined;
}

const options = {
  model: { type: 'string' },
  keep: { type: 'string', multiple: true },
  probabilities: { type: 'string', default: 'yes' },
  'max-failed': { type: 'string' },
  jobs: { type: 'string' },
  resume: { type: 'boolean', default: false },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  'slice-bytes': { type: 'string' },
} as const;

/** Undefined where help is asked for. Throws InvalidJob that says what cannot be understood. */
export function parseOptions(values: readonly string[]): Options | undefined {
  const { values: given, positionals } = parse(values);
  if (given.help) return undefined;
  const [input, output] = parseNames(positionals);
  const maxFailed = toMaxFailed(given['max-failed']);
  const parsed = {
    ...{ input, output, ...toFormats(input, output, given.format) },
    model: given.model,
    keep: parseKeep(given.keep ?? []),
    probabilities: parseYes(given.probabilities),
    ...(maxFailed && { maxFailed }),
    jobs: parseCount('--jobs', given.jobs) ?? availableParallelism(),
    resume: given.resume,
    sliceBytes: parseCount('--slice-bytes', given['slice-bytes']),
  };
  if (parsed.resume && (input === '-' || output === '-')) throw invalid('--resume takes files, and no standard stream');
  return parsed;
}

function parseNames(names: readonly string[]): readonly [input: string, output: string] {
  const [input, output, ...others] = names;
  if (input && output && others.length === 0) return [input, output];
  const got = names.length === 1 ? '1 name' : `${names.length} names`;
  const advice = others.length > 0 ? '. npm takes options for its own unless -- stands before them' : '';
  throw invalid(`Expected an input and an output, got ${got}${advice}`);
}

function parse(values: readonly string[]) {
  try {
    return parseArgs({ args: [...values], options, allowPositionals: true });
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function parseKeep(values: readonly string[]): readonly string[] | 'all' {
  const names = values.flatMap((value) => value.split(','));
  if (names.includes('')) throw invalid('--keep must name columns, as id,region, or be all');
  return names.length === 1 && names[0] === 'all' ? 'all' : names;
}

function parseYes(value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw invalid(`--probabilities must be yes or no, and is ${JSON.stringify(value)}`);
}

function toMaxFailed(value: string | undefined): MaxFailed | undefined {
  if (value === undefined) return undefined;
  const parsed = parseMaxFailed(value);
  if (parsed) return parsed;
  throw invalid(`--max-failed must be a number of rows, or a percentage as 1%, and is ${JSON.stringify(value)}`);
}

function parseCount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw invalid(`${name} must be a whole number above 0, and is ${JSON.stringify(value)}`);
}

function invalid(message: string): JobError {
  return new JobError('InvalidJob', `${message}; --help tells the options`);
}
