import { expect } from 'chai';
import type { Class } from '../../functions/core/model/classes.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';

/** What is left of a difference to scikit-learn: the last bits of `exp`. */
const lastBits = 1e-12;

/** The same labels, and probabilities or values within a tolerance of the original's. */
export function expectSamePredictions(
  actual: readonly Prediction[],
  expected: readonly Prediction[],
  tolerance = lastBits,
): void {
  expect(actual.map(labelOf)).to.deep.equal(expected.map(labelOf));
  actual.forEach((prediction, row) => {
    const ours = numbersOf(prediction);
    const theirs = numbersOf(expected[row]);
    expect(Object.keys(ours)).to.deep.equal(Object.keys(theirs)).and.not.be.empty;
    for (const [name, number] of Object.entries(ours)) {
      expect(number, `row ${row}, ${name}`).to.be.closeTo(theirs[name] ?? Number.NaN, tolerance);
    }
  });
}

function labelOf(prediction: Prediction): Class {
  return 'label' in prediction ? prediction.label : '';
}

function numbersOf(prediction: Prediction | undefined): Readonly<Record<string, number>> {
  if (!prediction) return {};
  return 'value' in prediction ? { value: prediction.value } : prediction.probabilities;
}
