import { toName } from '../core/model/classes.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { toShown } from '../core/model/outputs.ts';
import type { Job, Slice } from './job.ts';
import { JobError } from './job-error.ts';

/** As many as an execution of Step Functions is told of at once. */
export const maxSlices = 2000;
const standardSliceBytes = 16 * 1024 * 1024;
/** Bytes of a part, which is held in memory on its way to S3. */
const maxPartBytes = 64 * 1024 * 1024;
/** A format cuts so many pieces for a slice, which are then joined until the part would be too large. */
const grains = 16;

export function toSliceBytes(size: number, asked = standardSliceBytes): number {
  // Somewhat fewer than may be, as no slice is exactly of that size.
  return Math.max(asked, Math.ceil(size / (maxSlices * 0.9)));
}

/** What a format is asked to cut: so little that the part of it is one, however short the rows are. */
export function toGrainBytes(sliceBytes: number, asked: Asked, manifest: Manifest): number {
  const rowBytes = createPartEstimate({ ...asked, kept: [] }, manifest)({ part: 0, start: 0, end: 0, row: 0, rows: 1 });
  // A value is a character, and what separates it from the next another.
  const leastBytes = 2 * manifest.features.length;
  return Math.ceil(Math.min(sliceBytes / grains, (maxPartBytes / rowBytes) * leastBytes));
}

/** Joins neighbours as long as they are a slice and its part a part. Throws InputTooLarge where that leaves too many. */
export function joinGrains(cut: readonly Slice[], sliceBytes: number, toPartBytes: (slice: Slice) => number): Slice[] {
  const slices: Slice[] = [];
  for (const grain of cut) {
    const last = slices.at(-1);
    const joined = last && join(last, grain);
    const fits = joined && joined.end - joined.start <= sliceBytes && toPartBytes(joined) <= maxPartBytes;
    if (fits) slices[slices.length - 1] = joined;
    else slices.push({ ...grain, part: slices.length });
  }
  if (slices.length > maxSlices) throw tooLarge(slices.length);
  return slices;
}

function join(first: Slice, second: Slice): Slice {
  const rows = first.rows < 0 || second.rows < 0 ? -1 : first.rows + second.rows;
  return { ...first, end: second.end, rows };
}

function tooLarge(parts: number): JobError {
  const expected = `Expected at most ${maxSlices} parts of ${maxPartBytes / 1024 / 1024} MiB`;
  const advice = 'divide the input, keep fewer columns, or leave probabilities out';
  return new JobError('InputTooLarge', `${expected}, and the output would take ${parts}: ${advice}`);
}

/** Characters of a number between 0 and 1, and what stands around it. */
const numberBytes = 21;

type Asked = Pick<Job, 'outputFormat' | 'probabilities'>;

/** About how many bytes the part of a slice takes; the columns that are kept are at most all of it. */
export function createPartEstimate(
  { outputFormat, probabilities, kept }: Asked & Pick<Job, 'kept'>,
  manifest: Manifest,
): (slice: Slice) => number {
  const isJson = outputFormat.kind === 'jsonl';
  let rowBytes = 0;
  for (const { kind, columns } of toShown(manifest, !probabilities).outputs) {
    for (const { path, classes } of columns) {
      const longest = classes.reduce<number>((most, value) => Math.max(most, toName(value).length), 0);
      rowBytes += kind === 'labels' ? longest : numberBytes;
      if (isJson) rowBytes += path.reduce((sum, name) => sum + name.length, 0);
    }
  }
  rowBytes = Math.max(rowBytes, numberBytes);
  if (isJson) rowBytes += numberBytes + kept.reduce((sum, { length }) => sum + length + 4, 0);
  return ({ start, end, rows }) => rows * rowBytes + (kept.length > 0 ? end - start : 0);
}
