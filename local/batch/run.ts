import { checkFailedRows, finishJob, type Summary } from '../../functions/batch/finish.ts';
import type { JobPlan, JobRequest, Slice } from '../../functions/batch/job/job.ts';
import type { JobErrorName } from '../../functions/batch/job/job-error.ts';
import { planJob } from '../../functions/batch/plan.ts';
import { findDone } from '../../functions/batch/slices/parts.ts';
import { createFiles } from '../../functions/batch/stores/files.ts';
import type { World } from '../../functions/batch/world.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Options } from './options.ts';
import { findPlaces, type Places } from './places.ts';
import { createProgress, toCount } from './progress.ts';
import { findPlan } from './resume.ts';
import { print } from './standard-streams.ts';
import { describeSummary } from './summary.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';
import { createWorkers, type Workers } from './workers.ts';

/** The model that the run uses. */
export interface Scored {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** A run that can be stopped from outside. */
export interface Run {
  /** Scores the whole table and writes the output. Throws JobError. */
  finish(): Promise<void>;
  /** Kills all worker processes. Finished parts stay if `--resume` can continue this run, and are removed otherwise. */
  stop(): void;
  /** Whether `--resume` can continue this run. */
  isResumable(): boolean;
}

/**
 * Scores a table on this machine. Writes messages to standard error. `typedIn` is the folder that relative paths start
 * from.
 */
export function createRun(options: Options, scored: Scored, typedIn: string | undefined): Run {
  let [work, workers, isPlanned]: [WorkFolder?, Workers?, boolean?] = [];

  const score = async (plan: JobPlan, store: World['store']): Promise<number> => {
    const { todo, rows } = await findRest(plan, store);
    const progress = createProgress(rows, process.stderr);
    workers = createWorkers({ job: plan.job, ...scored, slices: todo, jobs: options.jobs, onProgress: progress.add });
    await workers.score().finally(progress.end);
    return rows;
  };

  const runIn = async (folder: WorkFolder, places: Places): Promise<Summary> => {
    const begin = performance.now();
    const world = { store: createFiles(folder.path), manifest: scored.manifest, limits: defaultLimits };
    const plan = await toPlan(toRequest(options, places), options, folder, world, places.input);
    isPlanned = places.isResumable;
    const rows = await score(plan, world.store);
    const summary = await finishJob(plan.job, plan.slices.length, world);
    if (options.output === '-') await print(places.output);
    const seconds = (performance.now() - begin) / 1000;
    tell(describeSummary(summary, options.output, seconds, rows));
    return summary;
  };

  const isResumable = () => isPlanned === true || options.resume;
  const leave = (error?: Error) => {
    const isOver = isPlanned && error && pointless.has(error.name);
    if (isResumable() && !isOver) work?.release();
    else work?.remove();
  };

  return {
    isResumable,
    async finish() {
      const places = await findPlaces(options, typedIn);
      work = await openWorkFolder(places.output);
      const summary = await runIn(work, places).catch((error: Error) => {
        leave(error);
        throw error;
      });
      work.remove();
      checkFailedRows({ ...summary, errors: toReasonsPlace(options, summary) });
    },
    stop() {
      workers?.kill();
      leave();
    },
  };
}

/**
 * Returns the place where the user finds why rows failed. If the output is standard output, the file with the errors is
 * removed after the run, and only the column `error` has the reasons.
 */
function toReasonsPlace({ output }: Options, { errors }: Summary): string | null {
  return output === '-' ? 'the column error' : errors;
}

/** After these errors, the user has to change the input, so the run cannot be resumed. */
const pointless: ReadonlySet<string> = new Set<JobErrorName>(['InvalidInput', 'InputChanged', 'InputTooLarge']);

function toRequest(options: Options, { input, output }: Places): JobRequest {
  const { inputFormat, outputFormat, keep, probabilities, explain, maxFailed } = options;
  const asked = { keep, probabilities, ...(explain && { explain }), ...(maxFailed && { maxFailed }) };
  return { input, output, inputFormat, outputFormat, ...asked };
}

async function toPlan(
  request: JobRequest,
  { resume, jobs, sliceBytes }: Options,
  work: WorkFolder,
  world: World,
  input: string,
): Promise<JobPlan> {
  const found = resume ? await findPlan(request, work.path, world) : undefined;
  if (found) return found;
  if (resume) tell('There is nothing to resume: the run starts from the beginning');
  work.clear();
  const { size } = await world.store.stat(input);
  return planJob(request, world, { work: work.path, sliceBytes: sliceBytes ?? toSliceBytes(size, jobs) });
}

const mebibyte = 1024 * 1024;

/** Returns the bytes of a slice. Each process gets a few slices, so that all processes end at about the same time. */
function toSliceBytes(size: number, jobs: number): number {
  return Math.min(16 * mebibyte, Math.max(mebibyte, Math.ceil(size / (jobs * 4))));
}

/** The slices without a finished part, and the number of their rows. */
async function findRest({ job, slices }: JobPlan, store: World['store']): Promise<{ todo: Slice[]; rows: number }> {
  const { done } = await findDone(job, slices.length, store);
  const todo = slices.filter(({ part }) => !done.has(part));
  if (done.size > 0) tell(`${toCount(done.size)} of ${toCount(slices.length)} parts are done already`);
  return { todo, rows: todo.reduce((sum, { rows }) => sum + rows, 0) };
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
