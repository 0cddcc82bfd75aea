import { say } from '../commands.ts';
import { type Format, formats, writeEvents } from '../events.ts';
import { exportModels } from '../models/export.ts';
import type { Plan } from '../plan.ts';
import { type InRounds, nothingOf } from '../rounds.ts';
import { runInside } from '../systems/inside.ts';

/** The contenders: Sepal, Python that answers the same document, and Python that answers bare arrays. */
export const batchers = ['sepal', 'document', 'arrays'] as const;
export type Batcher = (typeof batchers)[number];

/** One kind of request, and the milliseconds that it took each contender, by round. */
export interface Batch {
  readonly model: string;
  readonly format: Format;
  readonly rows: number;
  readonly times: Readonly<Record<Batcher, readonly number[]>>;
}

export interface Batches {
  readonly batches: readonly Batch[];
  /** The peak memory while Lambda's largest request is answered, in MiB, by round. */
  readonly peaks: Readonly<Record<Batcher, readonly number[]>>;
}

interface Measured {
  readonly times: Readonly<Record<string, number>>;
  readonly peak: number;
}

/** The number of rows for which every model is measured in every format. */
export const judgedRows = 10_000;

/** The model that answers the largest request. */
const peakModel = 'logistic';

export async function measureBatches(plan: Plan, inRounds: InRounds): Promise<Batches> {
  const { batchModels, batchRows, batchRounds } = plan;
  await exportModels([...new Set([peakModel, ...batchModels])]);
  await writeEvents('dist/bench/events', [judgedRows, ...batchRows]);
  const batches: Batch[] = [];
  for (const model of batchModels) {
    say(`${batchRounds} rounds of batches of ${model}`);
    const requests = toRequests(model, plan);
    const events = requests.map(({ format, rows }) => `${format}-${rows}`);
    const rounds = await inRounds(batchRounds, batchers, (batcher) => runBatch(batcher, model, events));
    for (const { format, rows } of requests) {
      const timesOf = (batcher: Batcher) =>
        rounds[batcher].map(({ times }) => times[`${format}-${rows}`] ?? Number.NaN);
      const times = { sepal: timesOf('sepal'), document: timesOf('document'), arrays: timesOf('arrays') };
      batches.push({ model, format, rows, times });
    }
  }
  return { batches, peaks: await measurePeaks(plan, inRounds) };
}

function toRequests(model: string, { batchModels, batchRows }: Plan): Pick<Batch, 'format' | 'rows'>[] {
  const more = model === batchModels[0] ? batchRows : [];
  const countsOf = (format: Format) => (format === 'json' ? [judgedRows, ...more].sort((a, b) => a - b) : [judgedRows]);
  return formats.flatMap((format) => countsOf(format).map((rows) => ({ format, rows })));
}

async function measurePeaks({ peaked, peakRounds }: Plan, inRounds: InRounds): Promise<Batches['peaks']> {
  say(`${peakRounds} rounds of the largest request`);
  const measured = await inRounds(peakRounds, peaked, (batcher) => runBatch(batcher, peakModel, ['largest']));
  const largest = { ...nothingOf(batchers), ...measured };
  const peaksOf = (batcher: Batcher) => largest[batcher].map(({ peak }) => peak);
  return { sepal: peaksOf('sepal'), document: peaksOf('document'), arrays: peaksOf('arrays') };
}

function runBatch(batcher: Batcher, model: string, events: readonly string[]): Promise<Measured> {
  if (batcher === 'sepal') return runInside('sepal', 'batch.mjs', model, ...events);
  return runInside('python-sklearn', 'batch.py', model, batcher, ...events);
}
