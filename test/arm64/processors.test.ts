import { readFileSync } from 'node:fs';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { expectSamePredictions, numbersOf } from '../helpers/predictions.ts';
import { type Answers, answerGoldenRows } from './answers.ts';

const { ANSWERS_OF_X64: file } = process.env;

/** Says how many numbers of the predictions differ between two processors. docs/exact-export.md cites it. */
function describeDifference(ours: readonly Prediction[], theirs: readonly Prediction[]): string {
  const pairs = ours.flatMap((prediction, row) => {
    const others = numbersOf(theirs[row]);
    return Object.entries(numbersOf(prediction)).map(([name, number]) => [number, others[name] ?? Number.NaN] as const);
  });
  const differing = pairs.filter(([one, other]) => !Object.is(one, other));
  const largest = Math.max(0, ...differing.map(([one, other]) => Math.abs(one - other)));
  return `${differing.length} of ${pairs.length} numbers differ, by ${largest.toPrecision(1)} at most`;
}

// A real arm64 machine has no answers of x86-64 to compare with. There, the other tests compare the
// answers with those of the original model.
if (file) {
  describe('the golden rows of every package', () => {
    it('have the same labels on arm64 as on x86-64, and the same numbers up to rounding', async () => {
      const theirs: Answers = JSON.parse(readFileSync(file, 'utf8'));
      const ours = await answerGoldenRows();
      for (const [path, predictions] of Object.entries(theirs)) {
        expectSamePredictions(ours[path] ?? [], predictions);
        console.log(`      ${path}: ${describeDifference(ours[path] ?? [], predictions)}`);
      }
    });
  });
}
