import type { Slice } from '../../job/job.ts';
import type { Cut, Input, Reading } from '../format.ts';
import { findFeatures, findKept } from './columns.ts';
import { type Footer, rangeOf, readFooter, type TableGroup } from './footer.ts';

/**
 * Cuts into slices of consecutive row groups of about `sliceBytes`; a row group is never divided. Reads only the
 * footer. Throws InvalidInput if no row can fit the model, and InvalidJob for a column that cannot be kept.
 */
export async function cut(input: Input, { manifest, keep }: Reading, sliceBytes: number): Promise<Cut> {
  const footer = await readFooter(input);
  findFeatures(footer.columns, manifest);
  const kept = findKept(footer.columns, keep).map(({ name }) => name);
  return { headerBytes: 0, slices: toSlices(footer, sliceBytes), kept };
}

function toSlices({ groups, columns }: Footer, sliceBytes: number): readonly Slice[] {
  const chunks = columns.map(({ chunk }) => chunk).filter((chunk) => chunk >= 0);
  const slices: Slice[] = [];
  let bytes = 0;
  for (const group of groups) {
    const { start, end } = extentOf(group, chunks);
    const last = slices.at(-1);
    if (last && bytes + (end - start) <= sliceBytes) {
      bytes += end - start;
      slices[slices.length - 1] = { ...last, end: Math.max(last.end, end), rows: last.rows + group.rows };
    } else {
      bytes = end - start;
      slices.push({ part: slices.length, start, end, row: group.row, rows: group.rows });
    }
  }
  return slices;
}

/** The range of bytes that a row group spans. */
function extentOf({ group }: TableGroup, chunks: readonly number[]): { readonly start: number; readonly end: number } {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const chunk of chunks) {
    const range = rangeOf(group, chunk);
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  return { start, end };
}
