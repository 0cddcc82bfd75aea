import { expect } from 'chai';
import type { Prediction } from '../../functions/predict/model/prediction.ts';

/** The same labels, and probabilities within 1e-12 of scikit-learn's: what is left is the last bits of `exp`. */
export function expectSamePredictions(actual: readonly Prediction[], expected: readonly Prediction[]): void {
  expect(actual.map(labelOf)).to.deep.equal(expected.map(labelOf));
  actual.forEach((prediction, row) => {
    const ours = probabilitiesOf(prediction);
    const theirs = probabilitiesOf(expected[row]);
    expect(Object.keys(ours)).to.deep.equal(Object.keys(theirs));
    for (const [name, probability] of Object.entries(ours)) {
      expect(probability, `row ${row}, ${name}`).to.be.closeTo(theirs[name] ?? Number.NaN, 1e-12);
    }
  });
}

function labelOf(prediction: Prediction): string {
  return 'label' in prediction ? prediction.label : '';
}

function probabilitiesOf(prediction: Prediction | undefined): Readonly<Record<string, number>> {
  return prediction && 'probabilities' in prediction ? prediction.probabilities : {};
}
