import { type ChildProcess, fork } from 'node:child_process';
import type { Job, Slice } from '../../functions/batch/job/job.ts';
import { JobError, type JobErrorName } from '../../functions/batch/job/job-error.ts';
import type { Answer, Order } from './messages.ts';

export interface Scoring {
  readonly job: Job;
  /** The folder of the model's package. */
  readonly folder: string;
  readonly slices: readonly Slice[];
  /** The largest number of processes. */
  readonly jobs: number;
  readonly onProgress: (rows: number, failed: number) => void;
}

/** Worker processes. Each scores one slice after the other. */
export interface Workers {
  /** Scores all slices. Throws the error of the first worker that fails, and kills the others. */
  score(): Promise<void>;
  /** Kills all workers. Parts are written completely or not at all. */
  kill(): void;
}

export function createWorkers({ job, folder, slices, jobs, onProgress }: Scoring): Workers {
  const waiting = [...slices];
  const children = new Set<ChildProcess>();
  const ends: Promise<unknown>[] = [];
  const kill = () => {
    for (const child of children) child.kill('SIGKILL');
  };

  /** Starts a worker. Resolves when no slice is left. */
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
        // A killed worker may still be writing: wait until all have ended, so that the caller can remove their files.
        await Promise.all(ends);
        throw error;
      }
    },
  };
}

function startWorker(): ChildProcess {
  return fork(new URL('worker.ts', import.meta.url), {
    execArgv: process.execArgv,
    // Standard output is reserved for the table.
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
}

/** Also listens to `error`, because a process that could not be started never exits. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['exit', 'error']) child.once(event, () => resolve());
  });
}

/** Ignores send errors: a worker that has ended reports that by its exit. */
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
  if (signal === null) return new Error(`a worker process exited with code ${code}`);
  const advice = signal === 'SIGKILL' ? '; if memory was short, try --jobs 1, which needs less' : '';
  return new JobError('Unavailable', `A worker process was ended by ${signal}${advice}`);
}
