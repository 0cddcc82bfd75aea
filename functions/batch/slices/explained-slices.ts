import { RequestError } from '../../core/errors.ts';
import { type Explained, toExplained } from '../../core/explain/explained.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { JobRequest, Slice } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import { grains, maxSlices } from './slices.ts';

/** How to divide a table whose rows are explained, which takes hundreds of times longer than to score them. */
export interface ExplainedSlices {
  /** The most bytes of a grain (slices.ts). */
  readonly grainBytes: number;
  /** The most rows of a slice, for an input cut like this. Throws InputTooLarge if a slice might not end in time. */
  toMostRows(cut: readonly Slice[]): number;
}

/**
 * The rows of a slice if explaining each of them takes the package's whole budget, which is about how many rows the
 * model may answer to explain one row. A Lambda function has 900 s, so each row has 1.8 s. The export gives slow models
 * a smaller budget, so that explaining a row takes well below that.
 */
const rowsOfWholeBudget = 500;

/**
 * `isTimed` says that a slice must end within the time of a Lambda function. Throws InvalidJob if the model cannot be
 * explained, with the message of POST /explain.
 */
export function createExplainedSlices(request: JobRequest, manifest: Manifest, isTimed: boolean): ExplainedSlices {
  const rows = toRows(manifest);
  const leastBytes = 2 * manifest.features.length;
  // In Parquet, each row group becomes a grain. Elsewhere, even the shortest rows make a grain of few enough rows.
  const grainBytes = request.inputFormat.kind === 'parquet' ? 1 : Math.ceil((rows * leastBytes) / grains);
  // A tenth fewer slices than allowed, because most slices have fewer rows than they may.
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

/** The rows of a slice: more than `rowsOfWholeBudget` if a row takes less than the budget. */
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
