import { type ChildProcess, fork } from 'node:child_process';
import type { Job, Slice } from '../../functions/batch/job.ts';
import { JobError, type JobErrorName } from '../../functions/batch/job-error.ts';
import type { Answer, Order } from './messages.ts';

export interface Scoring {
  readonly job: Job;
  /** Of the model. */
  readonly folder: string;
  readonly slices: readonly Slice[];
  /** Processes at most. */
  readonly jobs: number;
  readonly onProgress: (rows: number, failed: number) => void;
}

/** Processes that score slices, each one after the other. */
export interface Workers {
  /** Scores all. Throws what the first process that fails says, and ends the others. */
  score(): Promise<void>;
  /** Ends all at once. A part is there whole or not at all. */
  kill(): void;
}

export function createWorkers({ job, folder, slices, jobs, onProgress }: Scoring): Workers {
  const waiting = [...slices];
  const children = new Set<ChildProcess>();
  const ends: Promise<unknown>[] = [];
  const kill = () => {
    for (const child of children) child.kill('SIGKILL');
  };

  /** Ends when there is no slice left. */
  const work = () => {
    const child = startWorker();
    children.add(child);
    ends.push(endOf(child));
    const next = () => {
      const slice = waiting.shift();
      if (slice) send(child, { kind: 'score', slice });
      else child.disconnect();
    };
    send(child, { kind: 'begin', job, folder });
    return new Promise<void>((resolve, reject) => {
      child.on('message', (answer: Answer) => {
        if (answer.kind === 'failed') reject(toError(answer));
        else if (answer.kind === 'progress') onProgress(answer.rows, answer.failed);
        else next();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        children.delete(child);
        if (code === 0) resolve();
        else reject(toDeath(code, signal));
      });
    });
  };

  return {
    kill,
    async score() {
      try {
        await Promise.all(Array.from({ length: Math.min(jobs, slices.length) }, work));
      } catch (error) {
        kill();
        // What they were writing may still be written: nobody removes it before.
        await Promise.all(ends);
        throw error;
      }
    },
  };
}

function startWorker(): ChildProcess {
  return fork(new URL('worker.ts', import.meta.url), {
    execArgv: process.execArgv,
    // Standard output is the table's.
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
}

/** One that could not be started does not exit. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['exit', 'error']) child.once(event, () => resolve());
  });
}

/** One that has ended says so itself. */
function send(child: ChildProcess, order: Order): void {
  child.send(order, () => undefined);
}

const known: ReadonlySet<string> = new Set<JobErrorName>([
  ...(['InvalidJob', 'InputNotFound', 'InvalidInput', 'InputChanged', 'InputTooLarge', 'ModelChanged'] as const),
  ...(['TooManyFailedRows', 'Unavailable'] as const),
]);

function toError({ name, message, stack }: Extract<Answer, { kind: 'failed' }>): Error {
  if (known.has(name)) return new JobError(name as JobErrorName, message);
  const error = new Error(message);
  error.name = name;
  if (stack) error.stack = stack;
  return error;
}

function toDeath(code: number | null, signal: NodeJS.Signals | null): Error {
  if (signal === null) return new Error(`a process that scores has ended with ${code}`);
  const advice = signal === 'SIGKILL' ? '; where memory was short, --jobs 1 takes less' : '';
  return new JobError('Unavailable', `A process that scores was ended by ${signal}${advice}`);
}
