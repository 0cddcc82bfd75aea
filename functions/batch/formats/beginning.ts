import type { TableFormat } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import type { Input } from './format.ts';

const longest = 4;

/**
 * The first bytes of formats that users mistake for another one, and the advice for each. The end of a name counts more
 * than the format that a job sets.
 */
const beginnings: readonly {
  readonly bytes: Buffer;
  readonly is: string;
  readonly kind: string;
  readonly advice: string;
}[] = [
  {
    bytes: Buffer.of(0x1f, 0x8b),
    kind: 'gzip',
    is: 'compressed with gzip',
    advice: 'add .gz to its name, or, if its name says no format, set the format, for example to csv.gz',
  },
  {
    bytes: Buffer.from('PAR1'),
    kind: 'parquet',
    is: 'Parquet',
    advice: 'end its name in .parquet, or, if its name says no format, set the format to parquet',
  },
  { bytes: Buffer.of(0xff, 0xfe), kind: '', is: 'UTF-16', advice: 'save it as UTF-8' },
  { bytes: Buffer.of(0xfe, 0xff), kind: '', is: 'UTF-16', advice: 'save it as UTF-8' },
  {
    bytes: Buffer.from('PK\u0003\u0004'),
    kind: '',
    is: 'a zip file, like an Excel workbook',
    advice: 'save it as CSV',
  },
];

/**
 * Throws InvalidInput if the first bytes are plainly those of another format. Without this check, every row would
 * fail, or the error would not name the cause.
 */
export async function checkBeginning({ store, source }: Input, { kind, gzip }: TableFormat): Promise<void> {
  let bytes = Buffer.alloc(0);
  for await (const block of store.read(source, 0, Math.min(longest, source.size)))
    bytes = Buffer.concat([bytes, block]);
  const expected = gzip ? 'gzip' : kind;
  const found = beginnings.find((beginning) => bytes.indexOf(beginning.bytes) === 0);
  if (found && found.kind !== expected) throw unexpected(source.location, `it is ${found.is}; ${found.advice}`);
  if (gzip && !found) throw unexpected(source.location, 'its format says gzip, but it is not a gzip file');
}

function unexpected(location: string, problem: string): JobError {
  return new JobError('InvalidInput', `${location} cannot be read: ${problem}`);
}
