import * as v from 'valibot';
import type { Job, JobPlan, JobRequest } from '../../functions/batch/job/job.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { checkModel } from '../../functions/batch/job/job-model.ts';
import { readJob, readSlices } from '../../functions/batch/slices/work.ts';
import type { World } from '../../functions/batch/world.ts';

/**
 * Reads the plan of an earlier run of the same job; undefined if there is none that is complete and readable. Throws
 * InvalidJob, InputChanged or ModelChanged that says what differs.
 */
export async function findPlan(request: JobRequest, work: string, world: World): Promise<JobPlan | undefined> {
  const { store, manifest } = world;
  const job = await readJob(work, store);
  const slices = await readSlices(work, store);
  if (!job || !slices || !v.is(planned, { job, slices })) return undefined;
  checkRequest(job, request);
  checkModel(job, manifest);
  const { version } = await store.stat(request.input);
  if (version !== job.source.version) {
    throw new JobError('InputChanged', `${request.input} has changed since the job began: ${advice}`);
  }
  // `maxFailed` may differ, because it is checked only at the end.
  const { maxFailed: _, ...others } = job;
  return { job: { ...others, ...(request.maxFailed && { maxFailed: request.maxFailed }) }, slices };
}

/** The parts of a plan that are used. Another version of this program may have written a different plan. */
const planned = v.object({
  job: v.object({
    model: v.object({ sha256: v.string() }),
    source: v.object({ version: v.string(), size: v.number() }),
    headerBytes: v.number(),
    kept: v.array(v.string()),
  }),
  slices: v.array(
    v.object({ part: v.number(), start: v.number(), end: v.number(), row: v.number(), rows: v.number() }),
  ),
});

const advice = 'start again without --resume';

/** The options that must be the same as in the interrupted run, by the names that the user knows. */
const parts: Readonly<Record<string, (request: JobRequest) => unknown>> = {
  'the input': ({ input }) => input,
  'the output': ({ output }) => output,
  'the format of the input': ({ inputFormat }) => inputFormat,
  'the format of the output': ({ outputFormat }) => outputFormat,
  '--keep': ({ keep }) => keep,
  '--probabilities': ({ probabilities }) => (probabilities ? 'yes' : 'no'),
  '--explain': ({ explain }) => (explain ? 'yes' : 'no'),
};

function checkRequest(job: Job, request: JobRequest): void {
  const differences = Object.entries(parts).flatMap(([name, get]) => {
    const [before, now] = [JSON.stringify(get(job)), JSON.stringify(get(request))];
    return before === now ? [] : [`${name} was ${before} and is ${now}`];
  });
  if (differences.length === 0) return;
  throw new JobError('InvalidJob', `The interrupted job differs from this one: ${differences.join('; ')}; ${advice}`);
}
