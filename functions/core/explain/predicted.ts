import { type Output, rangesByTarget } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';

/**
 * Finds, for a row, the column of the explained output that has the number of the prediction; with several targets, one
 * for each. It is the column of the predicted class, or the only column of the target.
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
