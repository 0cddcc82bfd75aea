import { checkFailedRows, finishJob, type Summary } from './finish.ts';
import type { Report, Slice } from './job/job.ts';
import { JobError, type JobErrorName } from './job/job-error.ts';
import { parseS3Request } from './job/request.ts';
import { planJob } from './plan.ts';
import { scoreSlice } from './score.ts';
import { readJob, toBytes } from './slices/work.ts';
import type { StepRecord } from './telemetry.ts';
import type { ScoringWorld } from './world.ts';

/** The events that the state machine sends. */
export type Step = PlanStep | ScoreStep | FinishStep;

interface PlanStep extends Ran {
  readonly step: 'plan';
  /** The execution's input as the user wrote it. */
  readonly input: unknown;
}

interface ScoreStep extends Ran {
  readonly step: 'score';
  readonly work: string;
  readonly slice: Slice;
}

interface FinishStep extends Ran {
  readonly step: 'finish';
  readonly work: string;
  readonly parts: number;
  readonly answers: readonly (Scored | Stopped)[];
  /** When the execution began, in ISO 8601. */
  readonly startedAt: string;
}

interface Ran {
  /** The execution's name, unique within the state machine. */
  readonly execution: string;
}

export type StepResult = Planned | Scored | Finished;

/**
 * The state between Plan and Score. It may have at most 256 KiB of JSON, so the rest of the plan is written under
 * `work`.
 */
export interface Planned {
  readonly work: string;
  readonly parts: number;
  readonly concurrency: number;
  readonly slices: readonly Slice[];
}

/** The result of a slice, which replaces the slice in the state. */
export type Scored = Pick<Report, 'part' | 'rows' | 'failed' | 'bytes'>;

/** The name of the error that stopped a slice. There can be thousands, so the message is only in the log. */
interface Stopped {
  readonly error: JobErrorName;
}

/** The execution's output. */
export interface Finished extends Pick<Summary, 'output' | 'rows' | 'failed' | 'errors'> {
  readonly manifest: string;
}

/** The object beside the output. It is written last: if it exists, the job is done. */
interface ManifestDocument extends Summary {
  readonly execution: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
}

export interface Steps {
  readonly world: ScoringWorld;
  readonly concurrency: number;
  readonly sliceBytes: number | undefined;
}

/** The largest gzip input. It cannot be divided, so a single call must score all of it in time. */
const gzipBytes = 512 * 2 ** 20;

export async function plan({ input, execution }: PlanStep, steps: Steps, record: StepRecord): Promise<Planned> {
  const { request, concurrency = steps.concurrency } = parseS3Request(input);
  const work = `${request.output}${toSuffix(execution)}`;
  const { sliceBytes } = steps;
  const { slices } = await planJob(request, steps.world, {
    work,
    gzipBytes,
    isTimed: true,
    ...(sliceBytes && { sliceBytes }),
  });
  record.parts = slices.length;
  return { work, parts: slices.length, concurrency, slices };
}

export async function score({ work, slice }: ScoreStep, { world }: Steps, record: StepRecord): Promise<Scored> {
  record.part = slice.part;
  const { part, rows, failed, bytes } = await scoreSlice(await readPlanned(work, world), slice, world);
  Object.assign(record, { rows, failed, bytes });
  return { part, rows, failed, bytes };
}

/** Finishes the job. If Step Functions retries it after it failed halfway, it goes on from there. */
export async function finish(step: FinishStep, { world }: Steps, record: StepRecord): Promise<Finished> {
  const { work, parts, answers, execution } = step;
  checkAnswers(answers);
  const manifest = `${work.slice(0, -toSuffix(execution).length)}.manifest.json`;
  const known = await readManifest(manifest, execution, world);
  const summary = known ?? (await join(step, manifest, world));
  const { output, rows, failed, errors } = summary;
  Object.assign(record, { parts, rows, failed });
  await removeWork(work, world);
  checkFailedRows(summary);
  return { output, rows, failed, errors, manifest };
}

/**
 * Throws the error of the first slice that was stopped. Slices return such errors as results, because a failed Map
 * state would hide their names.
 */
function checkAnswers(answers: readonly (Scored | Stopped)[]): void {
  const stopped = answers.flatMap((answer, part) => ('error' in answer ? [{ ...answer, part }] : []));
  const [first] = stopped;
  if (!first) return;
  const count = stopped.length === 1 ? '1 slice' : `${stopped.length} slices`;
  const where = `${count} of ${answers.length}, first slice ${first.part + 1}`;
  throw new JobError(first.error, `${reasons[first.error] ?? 'A slice cannot be scored'} (${where})`);
}

const reasons: Readonly<Partial<Record<JobErrorName, string>>> = {
  InputChanged: 'The input is another object than the one that was planned: start the job again',
  ModelChanged: 'Another model was deployed since the job was planned: start the job again',
  InputNotFound: 'The input is gone, or may not be read any more',
  InvalidInput: 'The input cannot be read to its end',
};

async function join({ work, parts, execution, startedAt }: FinishStep, manifest: string, world: ScoringWorld) {
  const job = await readPlanned(work, world);
  // Removes the manifest of an earlier job, which would declare the new output complete.
  await world.store.remove([manifest]);
  const summary = await finishJob(job, parts, world);
  await world.store.put(manifest, toBytes(toManifest(summary, execution, startedAt)));
  return summary;
}

/** Gives each job its own folder, even if two jobs have the same output. */
function toSuffix(execution: string): string {
  return `.partial/${execution}`;
}

async function readPlanned(work: string, { store }: ScoringWorld) {
  const job = await readJob(work, store);
  if (job) return job;
  throw new JobError('InvalidJob', `The plan of the job is gone: there is no ${work}/job.json. Start the job again`);
}

function toManifest(summary: Summary, execution: string, startedAt: string): ManifestDocument {
  const finished = new Date();
  const seconds = Math.round(finished.getTime() - Date.parse(startedAt)) / 1000;
  return { ...summary, execution, startedAt, finishedAt: finished.toISOString(), seconds };
}

async function readManifest(
  location: string,
  execution: string,
  { store }: ScoringWorld,
): Promise<Summary | undefined> {
  const bytes = await store.get(location);
  if (!bytes) return undefined;
  const document = JSON.parse(Buffer.from(bytes).toString()) as ManifestDocument;
  return document.execution === execution ? document : undefined;
}

/** Removes job.json last: as long as it exists, this step can run again. */
async function removeWork(work: string, { store }: ScoringWorld): Promise<void> {
  const locations = (await store.list(work)).map(({ location }) => location);
  const job = `${work}/job.json`;
  await store.remove(locations.filter((location) => location !== job));
  await store.remove([job]);
}
