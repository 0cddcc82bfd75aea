import { say } from '../commands.ts';
import { type Format, formats, writeEvents } from '../events.ts';
import { runInside } from '../inside.ts';
import { exportModels } from '../models.ts';
import type { Plan } from '../plan.ts';

/** Sepal; Python that answers the same document; Python that answers bare arrays. */
export const batchers = ['sepal', 'document', 'arrays'] as const;
export type Batcher = (typeof batchers)[number];

/** Milliseconds of a request, in each round. */
export interface Batch {
  readonly model: string;
  readonly format: Format;
  readonly rows: number;
  readonly times: Readonly<Record<Batcher, readonly number[]>>;
}

export interface Batches {
  readonly batches: readonly Batch[];
  /** Megabytes at most while Lambda's largest request is answered, in each round. */
  readonly peaks: Readonly<Record<Batcher, readonly number[]>>;
}

interface Measured {
  readonly times: Readonly<Record<string, number>>;
  readonly peak: number;
}

export async function measureBatches({ batchModels, batchRows, batchRounds }: Plan): Promise<Batches> {
  await exportModels(batchModels);
  await writeEvents('dist/bench/events', batchRows);
  const events = formats.flatMap((format) => batchRows.map((rows) => `${format}-${rows}`));
  const batches: Batch[] = [];
  for (const model of batchModels) {
    const rounds = await inTurn(batchRounds, model, events);
    for (const [format, rows] of formats.flatMap((format) => batchRows.map((rows) => [format, rows] as const))) {
      const timesOf = (batcher: Batcher) =>
        rounds[batcher].map(({ times }) => times[`${format}-${rows}`] ?? Number.NaN);
      batches.push({
        model,
        format,
        rows,
        times: { sepal: timesOf('sepal'), document: timesOf('document'), arrays: timesOf('arrays') },
      });
    }
  }
  const largest = await inTurn(Math.min(batchRounds, 3), 'logistic', ['largest']);
  const peaksOf = (batcher: Batcher) => largest[batcher].map(({ peak }) => peak);
  return { batches, peaks: { sepal: peaksOf('sepal'), document: peaksOf('document'), arrays: peaksOf('arrays') } };
}

async function inTurn(rounds: number, model: string, events: readonly string[]): Promise<Record<Batcher, Measured[]>> {
  const measured: Record<Batcher, Measured[]> = { sepal: [], document: [], arrays: [] };
  for (let round = 0; round < rounds; round += 1) {
    say(`batches of ${model}, round ${round + 1} of ${rounds}`);
    for (const batcher of batchers) measured[batcher].push(await runBatch(batcher, model, events));
  }
  return measured;
}

function runBatch(batcher: Batcher, model: string, events: readonly string[]): Promise<Measured> {
  if (batcher === 'sepal') return runInside('sepal', 'batch.mjs', model, ...events);
  return runInside('python-sklearn', 'batch.py', model, batcher, ...events);
}
