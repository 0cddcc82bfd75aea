import type { Job, Slice } from '../../functions/batch/job/job.ts';
import { scoreSlice } from '../../functions/batch/score.ts';
import { createFiles } from '../../functions/batch/stores/files.ts';
import type { ScoringWorld } from '../../functions/batch/world.ts';
import { processEnvironment, requireTelemetryOff } from '../../functions/core/environment.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { openModel } from '../../functions/core/model/load.ts';
import { readPackage } from '../../functions/core/model/package.ts';
import type { Answer, Order } from './messages.ts';

// A worker process, which scores one slice at a time for its parent.

/** Milliseconds between two progress messages. */
const pause = 200;
const progress = createProgress();
let begun: { readonly job: Job; readonly world: ScoringWorld } | undefined;

// A terminal sends signals to workers too. They ignore them, because the parent decides when a worker ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  void obey(order).then(tell, (error: Error) => {
    tell({ kind: 'failed', name: error.name, message: error.message, stack: error.stack });
  });
});

async function obey(order: Order): Promise<Answer> {
  if (order.kind === 'score') return score(order.slice);
  const { job, folder } = order;
  requireTelemetryOff(processEnvironment);
  const model = await openModel(folder, readPackage(folder));
  const world = { ...model, store: createFiles(job.work), limits: defaultLimits, progress: progress.add };
  begun = { job, world };
  return { kind: 'ready' };
}

async function score(slice: Slice): Promise<Answer> {
  if (!begun) throw new Error('a slice came before the job');
  await scoreSlice(begun.job, slice, begun.world);
  progress.tell();
  return { kind: 'done' };
}

function createProgress() {
  let [rows, failed, told] = [0, 0, performance.now()];
  const tellNow = () => {
    tell({ kind: 'progress', rows, failed });
    [rows, failed, told] = [0, 0, performance.now()];
  };
  return {
    add(moreRows: number, moreFailed: number): void {
      rows += moreRows;
      failed += moreFailed;
      if (performance.now() - told > pause) tellNow();
    },
    tell: tellNow,
  };
}

function tell(answer: Answer): void {
  // Without a parent, the process is about to end.
  if (process.connected) process.send?.(answer);
}
