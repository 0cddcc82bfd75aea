import type { JobPlan, JobRequest } from './job.ts';
import type { World } from './world.ts';

export interface PlanOptions {
  /** Where parts and reports are to be kept: a location without a slash at its end. */
  readonly work: string;
  /** Bytes of a slice; larger where there would be too many slices, smaller where its part would be too large. */
  readonly sliceBytes?: number;
  /** The largest input that may be packed by gzip, which cannot be divided. Left out, any. */
  readonly gzipBytes?: number;
}

/**
 * Checks a request against its input and the model, cuts the input, and writes the plan down under `work`. Throws JobError:
 * InvalidJob, InputNotFound, InvalidInput, InputTooLarge.
 */
export async function planJob(_request: JobRequest, _world: World, _options: PlanOptions): Promise<JobPlan> {
  throw new Error('to be written');
}
