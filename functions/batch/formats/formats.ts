import type { TableFormat } from '../job/job.ts';
import type { InputFormat, OutputFormat } from './format.ts';
import { unpacked, withPackedBytes } from './gzip.ts';

type Format = InputFormat & OutputFormat;

/** Each format is loaded only when a job uses it. */
const formats: Readonly<Record<TableFormat['kind'], () => Promise<Format>>> = {
  csv: async () => (await import('./csv.ts')).csv,
  jsonl: async () => (await import('./jsonl.ts')).jsonl,
  parquet: async () => (await import('./parquet.ts')).parquet,
};

/** Returns the reader of a format. It decompresses gzip while it reads. */
export async function toInputFormat({ kind, gzip }: TableFormat): Promise<InputFormat> {
  const format = await formats[kind]();
  if (!gzip) return format;
  return {
    // gzip cannot be read from the middle, so the input is one slice.
    cut: (input, reading) => format.cut(unpacked(input), reading, Number.MAX_SAFE_INTEGER),
    read: (input, slice, headerBytes, reading) => format.read(unpacked(input), slice, headerBytes, reading),
  };
}

/**
 * Returns the writer of a format. Parts are compressed when they are written, so `assemble` only compresses the bytes
 * around them, such as the header of CSV.
 */
export async function toOutputFormat({ kind, gzip }: TableFormat): Promise<OutputFormat> {
  const format = await formats[kind]();
  if (!gzip) return format;
  return {
    createPart: format.createPart,
    async assemble(parts, writing, store) {
      return withPackedBytes(await format.assemble(parts, writing, store));
    },
  };
}
