import { readFileSync } from 'node:fs';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { expectSamePredictions, numbersOf } from '../helpers/predictions.ts';
import { type Answers, answerGoldenRows } from './answers.ts';

const { ANSWERS_OF_X64: file } = process.env;

/** For docs/exact-export.md: in how many numbers two processors differ. */
function describeDifference(ours: readonly Prediction[], theirs: readonly Prediction[]): string {
  const pairs = ours.flatMap((prediction, row) => {
    const others = numbersOf(theirs[row]);
    return Object.entries(numbersOf(prediction)).map(([name, number]) => [number, others[name] ?? Number.NaN] as const);
  });
  const differing = pairs.filter(([one, other]) => !Object.is(one, other));
  const largest = Math.max(0, ...differing.map(([one, other]) => Math.abs(one - other)));
  return `${differing.length} of ${pairs.length} numbers differ, by ${largest.toPrecision(1)} at most`;
}

// An arm64 machine has nothing to compare with. There too, the other tests hold the answers to the original's.
if (file) {
  describe('the golden rows of every package', () => {
    it('have the labels that x86-64 gives them, and its numbers but for the last bits', async () => {
      const theirs: Answers = JSON.parse(readFileSync(file, 'utf8'));
      const ours = await answerGoldenRows();
      for (const [path, predictions] of Object.entries(theirs)) {
        expectSamePredictions(ours[path] ?? [], predictions);
        console.log(`      ${path}: ${describeDifference(ours[path] ?? [], predictions)}`);
      }
    });
  });
}
