import type { TableFormat } from '../job.ts';
import { JobError } from '../job-error.ts';
import type { Input } from './format.ts';

const longest = 4;

/** What files begin with that are written down otherwise than their names say, and what to do about it. */
const beginnings: readonly {
  readonly bytes: Buffer;
  readonly is: string;
  readonly kind: string;
  readonly advice: string;
}[] = [
  {
    bytes: Buffer.of(0x1f, 0x8b),
    kind: 'gzip',
    is: 'packed by gzip',
    advice: 'call it .gz, or name the format, as csv.gz',
  },
  {
    bytes: Buffer.from('PAR1'),
    kind: 'parquet',
    is: 'Parquet',
    advice: 'call it .parquet, or name the format parquet',
  },
  { bytes: Buffer.of(0xff, 0xfe), kind: '', is: 'UTF-16', advice: 'save it as UTF-8' },
  { bytes: Buffer.of(0xfe, 0xff), kind: '', is: 'UTF-16', advice: 'save it as UTF-8' },
  { bytes: Buffer.from('PK\u0003\u0004'), kind: '', is: 'packed by zip, as workbooks are', advice: 'save it as CSV' },
];

/** Throws InvalidInput for what is plainly no table of this format: to read it would say so row by row. */
export async function checkBeginning({ store, source }: Input, { kind, gzip }: TableFormat): Promise<void> {
  let bytes = Buffer.alloc(0);
  for await (const block of store.read(source, 0, Math.min(longest, source.size)))
    bytes = Buffer.concat([bytes, block]);
  const expected = gzip ? 'gzip' : kind;
  const found = beginnings.find((beginning) => bytes.indexOf(beginning.bytes) === 0);
  if (found && found.kind !== expected) throw unexpected(source.location, `it is ${found.is}; ${found.advice}`);
  if (gzip && !found) throw unexpected(source.location, 'it is not packed by gzip, as its format says');
}

function unexpected(location: string, problem: string): JobError {
  return new JobError('InvalidInput', `${location} cannot be read: ${problem}`);
}
