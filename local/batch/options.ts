import { availableParallelism } from 'node:os';
import type { MaxFailed, TableFormat } from '../../functions/batch/job/job.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { parseMaxFailed } from '../../functions/batch/job/option-values.ts';
import { parseArguments } from '../parse-arguments.ts';
import { toFormats } from './table-formats.ts';

export const usage = `Usage: npm run batch -- [options] <input> <output>

Scores each row of a table with a model. The names' endings give the formats: .csv, .jsonl or .ndjson, .parquet, and
.csv.gz or .jsonl.gz. - is standard input or output.

  --model <name or path>   a model in models/, or the folder of one (default: the environment variable MODEL)
  --keep <names> | all     input columns to copy in front of the prediction: id,region
  --probabilities yes|no   write probabilities, scores or distances beside the label (default: yes)
  --explain                write beside each prediction what each feature adds to it, which takes much longer
  --max-failed <n> | <n>%  exit with 3 if more rows than this fail; the output is still written
  --jobs <n>               worker processes (default: ${availableParallelism()}, the cores of this machine)
  --resume                 continue an interrupted run of the same job
  --format <format>        the format, if a name's ending does not give it: csv, or csv,jsonl for input and output
  --help                   print this text

Exit status: 0 done, 2 wrong input or options, 3 too many failed rows, 130 interrupted (continue with --resume), 1 a bug`;

/** The parsed command line. Paths are as they were typed; `-` is a standard stream. */
export interface Options {
  readonly input: string;
  readonly output: string;
  readonly inputFormat: TableFormat;
  readonly outputFormat: TableFormat;
  readonly model?: string | undefined;
  readonly keep: readonly string[] | 'all';
  readonly probabilities: boolean;
  readonly explain: boolean;
  readonly maxFailed?: MaxFailed;
  readonly jobs: number;
  readonly resume: boolean;
  /** Bytes of a slice; for tests only. */
  readonly sliceBytes?: number | undefined;
}

const options = {
  model: { type: 'string' },
  keep: { type: 'string', multiple: true },
  probabilities: { type: 'string', default: 'yes' },
  explain: { type: 'boolean', default: false },
  'max-failed': { type: 'string' },
  jobs: { type: 'string' },
  resume: { type: 'boolean', default: false },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  'slice-bytes': { type: 'string' },
} as const;

/** Parses the command line. Undefined if it asks for help. Throws InvalidJob that names the bad option. */
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
    explain: given.explain,
    ...(maxFailed && { maxFailed }),
    jobs: parseCount('--jobs', given.jobs) ?? availableParallelism(),
    resume: given.resume,
    sliceBytes: parseCount('--slice-bytes', given['slice-bytes']),
  };
  if (parsed.resume && (input === '-' || output === '-'))
    throw invalid('--resume needs files, not standard input or output');
  return parsed;
}

function parseNames(names: readonly string[]): readonly [input: string, output: string] {
  const [input, output, ...others] = names;
  if (input && output && others.length === 0) return [input, output];
  const got = names.length === 1 ? '1 name' : `${names.length} names`;
  const advice =
    others.length > 0 ? '. Put -- before the options, or npm takes them for its own: npm run batch -- --keep id …' : '';
  throw invalid(`Expected an input and an output, got ${got}${advice}`);
}

function parse(values: readonly string[]) {
  try {
    return parseArguments({ args: [...values], options, allowPositionals: true });
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function parseKeep(values: readonly string[]): readonly string[] | 'all' {
  const names = values.flatMap((value) => value.split(','));
  if (names.includes('')) throw invalid('--keep must name columns, such as id,region, or be all');
  return names.length === 1 && names[0] === 'all' ? 'all' : names;
}

function parseYes(value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw invalid(`--probabilities must be yes or no, but is ${JSON.stringify(value)}`);
}

function toMaxFailed(value: string | undefined): MaxFailed | undefined {
  if (value === undefined) return undefined;
  const parsed = parseMaxFailed(value);
  if (parsed) return parsed;
  throw invalid(`--max-failed must be a number of rows, or a percentage such as 1%, but is ${JSON.stringify(value)}`);
}

function parseCount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw invalid(`${name} must be a whole number above 0, but is ${JSON.stringify(value)}`);
}

function invalid(message: string): JobError {
  return new JobError('InvalidJob', `${message}; --help lists the options`);
}
