import { RequestError } from '../../core/errors.ts';
import { type Explained, toExplained } from '../../core/explain/explained.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { JobRequest, Slice } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import { grains, maxSlices } from './slices.ts';

/** How a table is divided whose rows are explained: that takes hundreds of times longer than to score them. */
export interface ExplainedSlices {
  /** The most bytes of a grain. */
  readonly grainBytes: number;
  /** The most rows of a slice of this input. Throws InputTooLarge where a slice might not end in time. */
  toMostRows(cut: readonly Slice[]): number;
}

/**
 * Rows of a slice where each takes all of the package's budget. The export makes the budget of a slow model smaller, so
 * that a row takes well below the 1.8 s that each of them has in the 900 s of a Lambda function.
 */
const rowsOfWholeBudget = 500;

/**
 * `isTimed` says that a slice must end within the time of a Lambda function. Throws InvalidJob where the model cannot be
 * explained, by the words of POST /explain.
 */
export function createExplainedSlices(request: JobRequest, manifest: Manifest, isTimed: boolean): ExplainedSlices {
  const rows = toRows(manifest);
  const leastBytes = 2 * manifest.features.length;
  // Row groups are grains of their own. Other grains have a fraction of the rows, however short these are.
  const grainBytes = request.inputFormat.kind === 'parquet' ? 1 : Math.ceil((rows * leastBytes) / grains);
  // A tenth fewer slices than allowed, because few slices have just so many rows.
  const slices = maxSlices * 0.9;
  return {
    grainBytes,
    toMostRows(cut) {
      const all = cut.reduce((sum, slice) => sum + slice.rows, 0);
      if (!isTimed) return Math.max(rows, Math.ceil(all / slices));
      checkGrains(cut, rows, request);
      if (all > slices * rows) throw tooLarge(`at most ${slices * rows} rows, got ${all}: divide the input`);
      return rows;
    },
  };
}

/** More where a row takes less than the budget. */
function toRows(manifest: Manifest): number {
  const { rows } = explainedOf(manifest).methodFor({ numbers: 'predicted' });
  return Math.max(1, Math.floor((rowsOfWholeBudget * (manifest.explanations?.budget ?? rows)) / rows));
}

function explainedOf(manifest: Manifest): Explained {
  try {
    return toExplained(manifest);
  } catch (error) {
    if (error instanceof RequestError) throw new JobError('InvalidJob', error.message);
    throw error;
  }
}

function checkGrains(cut: readonly Slice[], rows: number, { inputFormat }: JobRequest): void {
  if (inputFormat.gzip) throw tooLarge('no gzip, which cannot be divided into slices: decompress it');
  const group = cut.reduce((most, slice) => Math.max(most, slice.rows), 0);
  if (inputFormat.kind === 'parquet' && group > rows)
    throw tooLarge(`row groups of at most ${rows} rows, got one of ${group}: write it with smaller ones`);
}

function tooLarge(expected: string): JobError {
  return new JobError('InputTooLarge', `To explain each row in time, expected ${expected}`);
}
