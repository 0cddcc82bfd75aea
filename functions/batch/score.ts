import type { Job, Report, Slice } from './job.ts';
import type { ScoringWorld } from './world.ts';

/**
 * Scores a slice: writes its part, its failed rows, and last its report. To do so again writes the same bytes. Throws
 * JobError: ModelChanged, InputChanged, InvalidInput, Unavailable.
 */
export async function scoreSlice(_job: Job, _slice: Slice, _world: ScoringWorld): Promise<Report> {
  throw new Error('to be written');
}
