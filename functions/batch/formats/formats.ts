import type { TableFormat } from '../job.ts';
import type { InputFormat, OutputFormat } from './format.ts';
import { unpacked, withPackedBytes } from './gzip.ts';

type Format = InputFormat & OutputFormat;

/** By their kind, each loaded when a job has it. */
const formats: Readonly<Record<TableFormat['kind'], () => Promise<Format>>> = {
  csv: async () => (await import('./csv.ts')).csv,
  jsonl: async () => (await import('./jsonl.ts')).jsonl,
  parquet: async () => (await import('./parquet.ts')).parquet,
};

/** Reads what is packed as if it were not. */
export async function toInputFormat({ kind, gzip }: TableFormat): Promise<InputFormat> {
  const format = await formats[kind]();
  if (!gzip) return format;
  return {
    // It cannot be divided.
    cut: (input, reading) => format.cut(unpacked(input), reading, Number.MAX_SAFE_INTEGER),
    read: (input, slice, headerBytes, reading) => format.read(unpacked(input), slice, headerBytes, reading),
  };
}

/** Parts are packed as they are written, so here only what stands between them. */
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
