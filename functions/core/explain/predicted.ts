import { type Output, rangesByTarget } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';

/**
 * Finds of each target the number of what is predicted for a row, as a column of the output that is explained: that of the class, or
 * the only one that the target has.
 */
export function createPredictedFinder(
  { outputs, blocks }: Predictions,
  explained: Output,
): (row: number) => readonly number[] {
  const ranges = rangesByTarget(explained);
  const labels = blocks[outputs.findIndex(({ kind }) => kind === 'labels')];
  return (row) =>
    ranges.map(([from, to], target) => {
      if (to - from === 1 || !labels) return from;
      return from + (labels[row * ranges.length + target] as number);
    });
}
