import { explanationColumns } from '../../core/explain/table.ts';
import { toName } from '../../core/model/classes.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { AnswerColumn } from '../../core/model/outputs.ts';
import type { Job, Slice } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import { answeredOutputs } from '../job/output-columns.ts';

/** The most slices of a job: their list must fit into a state of Step Functions. */
export const maxSlices = 2000;
const standardSliceBytes = 16 * 1024 * 1024;
/** The largest part in bytes, by estimate. Stores take parts of any size. */
const maxPartBytes = 64 * 1024 * 1024;
/**
 * A format cuts this many small pieces (grains) for each slice. They are joined again until the slice or its part would
 * be too large.
 */
export const grains = 16;

export function toSliceBytes(size: number, asked = standardSliceBytes): number {
  // A tenth fewer slices than allowed, because no slice has exactly this size.
  return Math.max(asked, Math.ceil(size / (maxSlices * 0.9)));
}

/**
 * The size of the grains that a format cuts: small enough that the part of one grain is not too large, however short
 * the rows are.
 */
export function toGrainBytes(sliceBytes: number, asked: Asked, manifest: Manifest): number {
  const rowBytes = createPartEstimate({ ...asked, kept: [] }, manifest)({ part: 0, start: 0, end: 0, row: 0, rows: 1 });
  // A value takes at least one character, and its separator another.
  const leastBytes = 2 * manifest.features.length;
  return Math.ceil(Math.min(sliceBytes / grains, (maxPartBytes / rowBytes) * leastBytes));
}

/** What a slice may have at most. */
interface SliceSize {
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Joins neighbouring grains while the slice and its part are not too large. Throws InputTooLarge if too many slices
 * remain.
 */
export function joinGrains(cut: readonly Slice[], most: SliceSize, toPartBytes: (slice: Slice) => number): Slice[] {
  const slices: Slice[] = [];
  for (const grain of cut) {
    const last = slices.at(-1);
    const joined = last && join(last, grain);
    if (joined && isWithin(joined, most) && toPartBytes(joined) <= maxPartBytes) slices[slices.length - 1] = joined;
    else slices.push({ ...grain, part: slices.length });
  }
  if (slices.length > maxSlices) throw tooLarge(slices.length);
  return slices;
}

function isWithin({ start, end, rows }: Slice, most: SliceSize): boolean {
  return end - start <= most.bytes && rows <= most.rows;
}

function join(first: Slice, second: Slice): Slice {
  return { ...first, end: second.end, rows: first.rows + second.rows };
}

function tooLarge(parts: number): JobError {
  const expected = `Expected at most ${maxSlices} parts of ${maxPartBytes / 1024 / 1024} MiB`;
  const advice = 'divide the input, keep fewer columns, or leave probabilities out';
  return new JobError('InputTooLarge', `${expected}, but the output would have ${parts}: ${advice}`);
}

/** The characters of a number between 0 and 1, and of what surrounds it. */
const numberBytes = 21;
/** The characters of a reason besides the name of its feature. */
const reasonBytes = 60;

type Asked = Pick<Job, 'outputFormat' | 'probabilities' | 'explain'>;

/**
 * Estimates the bytes of a slice's part. Kept columns count as the whole slice, although values of a Parquet slice,
 * which is compressed, can take more.
 */
export function createPartEstimate(
  { kept, ...asked }: Asked & Pick<Job, 'kept'>,
  manifest: Manifest,
): (slice: Slice) => number {
  const isJson = asked.outputFormat.kind === 'jsonl';
  const columns = answeredOutputs(manifest, asked).flatMap((output) => output.columns);
  let rowBytes = columns.reduce((sum, column) => sum + estimateValue(column), 0);
  rowBytes = Math.max(rowBytes, numberBytes);
  if (isJson) {
    rowBytes += columns.reduce((sum, { path }) => sum + path.join('').length, 0);
    rowBytes += numberBytes + kept.reduce((sum, { length }) => sum + length + 4, 0);
    if (asked.explain) rowBytes += estimateReasons(manifest);
  }
  return ({ start, end, rows }) => rows * rowBytes + (kept.length > 0 ? end - start : 0);
}

/** Estimates the bytes of a value: the longest class of a label, otherwise a number. */
function estimateValue({ classes }: AnswerColumn): number {
  return classes.length === 0 ? numberBytes : Math.max(...classes.map((value) => toName(value).length));
}

/** Estimates what JSON adds for an explanation: a reason for each feature, and each feature's name twice. */
function estimateReasons(manifest: Manifest): number {
  return explanationColumns(manifest).reduce((sum, { name }) => sum + 2 * toName(name).length + reasonBytes, 0);
}
