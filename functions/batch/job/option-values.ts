import type { MaxFailed, TableFormat } from './job.ts';

const kinds: Readonly<Record<string, TableFormat['kind']>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** The formats as messages list them. */
export const formatNames: readonly string[] = ['csv', 'jsonl', 'parquet', 'csv.gz', 'jsonl.gz'];

/**
 * The format that a file name ends with: `table.csv.gz`. To find a format by its own name, put a dot before the name:
 * `.csv.gz`. Undefined for any other ending.
 */
export function findFormat(name: string): TableFormat | undefined {
  const { ending = '', gz } = /\.(?<ending>[a-z]+)(?<gz>\.gz)?$/i.exec(name)?.groups ?? {};
  const kind = kinds[ending.toLowerCase()];
  return kind && { kind, gzip: gz !== undefined };
}

/** Reads `100` (rows) or `1%` (0 to 100). Undefined for anything else. */
export function parseMaxFailed(text: string): MaxFailed | undefined {
  if (/^\d{1,15}$/.test(text)) return { rows: Number(text) };
  const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  return percent <= 100 ? { percent } : undefined;
}
