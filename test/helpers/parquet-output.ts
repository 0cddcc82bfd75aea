import type { KeptColumn, ScoredRun, Writing } from '../../functions/batch/formats/format.ts';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import type { Job, Report } from '../../functions/batch/job/job.ts';
import type { DataError } from '../../functions/core/errors.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import { createMemoryStore } from './memory-store.ts';

/** The answers of a run in a test: one for each row without a problem. */
export interface Answers {
  readonly predictions: Predictions;
  readonly rows: number;
  readonly problems?: ReadonlyMap<number, readonly DataError[]>;
  readonly kept?: readonly KeptColumn[];
}

export function toScoredRun({ predictions, rows, problems = new Map(), kept = [] }: Answers): ScoredRun {
  let next = 0;
  const answers = Int32Array.from({ length: rows }, (_, row) => (problems.has(row) ? -1 : next++));
  return { rows, feeds: {}, problems, kept, predictions, table: predictions, answers };
}

/** A kept column of texts. Unlike a column of a CSV file, it may have missing values. */
export function toTextColumn(name: string, texts: readonly (string | undefined)[]): KeptColumn {
  return { name, text: (row) => texts[row], value: (row) => texts[row] };
}

export function toWriting(manifest: Manifest, kept: readonly string[] = [], job: Partial<Job> = {}): Writing {
  const format = { kind: 'csv', gzip: false } as const;
  const full = { inputFormat: format, outputFormat: format, probabilities: true, ...job } as Job;
  return { manifest, kept, job: full };
}

/** Writes each list of runs as a part, joins the parts, and returns the bytes of the whole Parquet file. */
export async function writeTable(parts: readonly (readonly ScoredRun[])[], writing: Writing): Promise<Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  const { store } = createMemoryStore(objects);
  const stored = parts.map((runs, index) => {
    const part = parquet.createPart(writing);
    const bytes = Buffer.concat([...runs.map((run) => part.write(run)), part.end()]);
    const location = `part-${index}`;
    objects.set(location, bytes);
    const rows = runs.reduce((total, run) => total + run.rows, 0);
    return { location, report: { part: index, rows, bytes: bytes.length } as Report };
  });
  await store.join(await parquet.assemble(stored, writing, store), 'whole');
  return objects.get('whole') as Uint8Array;
}
