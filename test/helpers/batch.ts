import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, JobRequest } from '../../functions/batch/job/job.ts';
import { planJob } from '../../functions/batch/plan.ts';
import { scoreSlice } from '../../functions/batch/score.ts';
import { createFiles } from '../../functions/batch/stores/files.ts';
import type { ScoringWorld } from '../../functions/batch/world.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import type { Model } from '../../functions/core/model/load.ts';
import { type Output, runNode } from './process.ts';

/** Runs `npm run batch --` with these arguments. Relative paths start from the current folder. */
export function runBatch(values: readonly string[], environment: Record<string, string> = {}): Promise<Output> {
  return runNode(['local/batch.ts', ...values], { INIT_CWD: '.', ...environment });
}

/** Runs `use` with an empty temporary folder, and then removes the folder. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows of iris as JSON Lines, each with an id. With `badEach` = n, every n-th row has a string as its sepal_width. */
export function irisLines(rows: number, { first = 0, badEach = 0 } = {}): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const row = first + index;
    const width = badEach > 0 && row % badEach === badEach - 1 ? '"wide"' : (2 + (row % 25) / 10).toFixed(1);
    const length = (1 + (row % 60) / 10).toFixed(1);
    return `{"id":"c${row}","sepal_length":5.1,"sepal_width":${width},"petal_length":${length},"petal_width":0.2}\n`;
  });
  return lines.join('');
}

export function toWorld(model: Model): ScoringWorld {
  return { ...model, store: createFiles(), limits: defaultLimits };
}

const jsonl = { kind: 'jsonl', gzip: false } as const;

/** Writes the content into a folder, and returns a request to score it. It is JSON Lines unless `changes` differs. */
export function writeInput(
  folder: string,
  content: string | Uint8Array,
  changes: Partial<JobRequest> = {},
): JobRequest {
  const input = join(folder, 'in');
  writeFileSync(input, content);
  const request = { input, output: join(folder, 'out'), inputFormat: jsonl, outputFormat: jsonl, keep: [] };
  return { ...request, probabilities: true, ...changes };
}

/** Plans a job and scores its slices, with `work` as the job's folder. */
export async function score(request: JobRequest, work: string, world: ScoringWorld, sliceBytes?: number) {
  const plan = await planJob(request, world, { work, sliceBytes });
  const reports = [];
  for (const slice of plan.slices) reports.push(await scoreSlice(plan.job as Job, slice, world));
  return { ...plan, reports };
}
