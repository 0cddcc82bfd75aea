import { limitsFor } from '../core/model/texts.ts';
import { checkBeginning } from './formats/beginning.ts';
import { toInputFormat } from './formats/formats.ts';
import type { Job, JobPlan, JobRequest, Source } from './job/job.ts';
import { JobError } from './job/job-error.ts';
import { toJobModel } from './job/job-model.ts';
import { checkColumns } from './job/output-columns.ts';
import { createExplainedSlices } from './slices/explained-slices.ts';
import { createPartEstimate, joinGrains, toGrainBytes, toSliceBytes } from './slices/slices.ts';
import { errorsLocation, writePlan } from './slices/work.ts';
import type { World } from './world.ts';

export interface PlanOptions {
  /** The location for parts and reports, without a slash at its end. */
  readonly work: string;
  /**
   * The desired size of a slice in bytes. Slices are larger if the job would otherwise have more than `maxSlices`. They
   * are smaller if their output (the part) would exceed 64 MiB, or if explaining their rows would take too long.
   */
  readonly sliceBytes?: number | undefined;
  /** The largest size of a gzip input, which cannot be divided into slices. Any size if left out. */
  readonly gzipBytes?: number | undefined;
  /** Whether a slice must end within the time of a Lambda function. */
  readonly isTimed?: boolean;
}

/**
 * Checks a request against its input and the model, cuts the input, and writes the plan under `work`. Throws JobError:
 * InvalidJob, InputNotFound, InvalidInput, InputTooLarge, and from the store InputChanged and Unavailable.
 */
export async function planJob(request: JobRequest, world: World, options: PlanOptions): Promise<JobPlan> {
  const { store, manifest, limits } = world;
  checkRequest(request);
  const explained = request.explain ? createExplainedSlices(request, manifest, options.isTimed === true) : undefined;
  const source = await store.stat(request.input);
  const input = { store, source };
  if (request.inputFormat.gzip) checkPackedSize(source, options);
  await checkBeginning(input, request.inputFormat);

  const format = await toInputFormat(request.inputFormat);
  const sliceBytes = toSliceBytes(source.size, options.sliceBytes);
  const reading = { manifest, limits: limitsFor(manifest, limits), keep: request.keep };
  const grainBytes = Math.min(
    toGrainBytes(sliceBytes, request, manifest),
    explained?.grainBytes ?? Number.POSITIVE_INFINITY,
  );
  const { headerBytes, slices, kept } = await format.cut(input, reading, grainBytes);
  checkColumns(kept, request, manifest);
  const most = { bytes: sliceBytes, rows: explained?.toMostRows(slices) ?? Number.POSITIVE_INFINITY };

  const job: Job = { ...request, model: toJobModel(manifest), source, headerBytes, kept, work: options.work };
  const plan = { job, slices: joinGrains(slices, most, createPartEstimate(job, manifest)) };
  await writePlan(plan, store);
  return plan;
}

function checkRequest({ input, output, inputFormat, outputFormat }: JobRequest): void {
  if (input === output)
    throw new JobError('InvalidJob', 'The output is the same as the input, which would be overwritten');
  if (input === errorsLocation({ output })) {
    throw new JobError('InvalidJob', "The input has the name of the output's error file, and would be overwritten");
  }
  for (const { kind, gzip } of [inputFormat, outputFormat]) {
    if (kind === 'parquet' && gzip)
      throw new JobError('InvalidJob', 'Parquet compresses its own pages: leave gzip out');
  }
}

function checkPackedSize({ location, size }: Source, { gzipBytes = size }: PlanOptions): void {
  if (size <= gzipBytes) return;
  const advice = 'decompress it, or split it into several files';
  const problem = `has ${size} bytes of gzip, which cannot be divided into slices; at most ${gzipBytes} are accepted`;
  throw new JobError('InputTooLarge', `${location} ${problem}: ${advice}`);
}
