import type { Job } from './job.ts';
import type { World } from './world.ts';

/** What came of a job; on AWS this is its manifest.json. */
export interface Summary
  extends Pick<Job, 'model' | 'source' | 'output' | 'inputFormat' | 'outputFormat' | 'kept' | 'probabilities'> {
  readonly maxFailed: Job['maxFailed'] | null;
  readonly rows: number;
  readonly failed: number;
  /** The first failed rows, counted from the input's first, which is 0. */
  readonly firstFailed: readonly number[];
  /** Rows by label, in the classes' order; of a regressor none. */
  readonly labels: Readonly<Record<string, number>>;
  readonly parts: number;
  /** Where the reasons of failed rows stand; null where no row failed. */
  readonly errors: string | null;
}

/**
 * Checks that every part is there, once and whole, and joins them as the output. Throws nothing for failed rows: that is
 * `checkFailedRows`, once the summary is written. Throws JobError where a part is missing or not whole.
 */
export async function finishJob(_job: Job, _parts: number, _world: World): Promise<Summary> {
  throw new Error('to be written');
}

/** Throws TooManyFailedRows: more than `maxFailed`, or all there are. */
export function checkFailedRows(_summary: Summary): void {
  throw new Error('to be written');
}
