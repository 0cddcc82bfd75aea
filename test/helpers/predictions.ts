import { expect } from 'chai';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { type Field, outputsOf } from '../../functions/core/model/outputs.ts';
import type { Prediction, Predictions } from '../../functions/core/model/prediction.ts';

/** The tolerance for numbers in answers, because the last bits of `exp` differ from scikit-learn's. */
const lastBits = 1e-12;

/** Expects the same labels as the original model's, and numbers within a tolerance of the original model's. */
export function expectSamePredictions(
  actual: readonly Prediction[],
  expected: readonly Prediction[],
  tolerance = lastBits,
): void {
  expect(actual.map(labelOf)).to.deep.equal(expected.map(labelOf));
  actual.forEach((prediction, row) => {
    const ours = numbersOf(prediction);
    const theirs = numbersOf(expected[row]);
    expect(Object.keys(ours)).to.deep.equal(Object.keys(theirs));
    for (const [name, number] of Object.entries(ours)) {
      expect(number, `row ${row}, ${name}`).to.be.closeTo(theirs[name] ?? Number.NaN, tolerance);
    }
  });
}

function labelOf(prediction: Prediction): unknown {
  if ('labels' in prediction) return prediction.labels;
  return 'label' in prediction ? prediction.label : '';
}

/** The numbers of a prediction by their path, such as `probabilities/setosa`. */
export function numbersOf(prediction: object | undefined, path = ''): Readonly<Record<string, number>> {
  const entries = Object.entries(prediction ?? {}).flatMap(([name, value]) => {
    if (typeof value === 'object') return Object.entries(numbersOf(value, `${path}${name}/`));
    return typeof value === 'number' && name !== 'label' && path !== 'labels/' ? [[`${path}${name}`, value]] : [];
  });
  return Object.fromEntries(entries);
}

/** Creates predictions from the values of each field, row-major. A label is given as its position in the classes. */
export function predictionsOf(
  manifest: Manifest,
  fields: Partial<Record<Field, Iterable<number>>>,
  confidences?: Iterable<number>,
): Predictions {
  const outputs = outputsOf(manifest).filter(({ field }) => fields[field]);
  const blocks = outputs.map(({ field, kind }) =>
    kind === 'labels' ? Int32Array.from(fields[field] ?? []) : Float64Array.from(fields[field] ?? []),
  );
  const rows = (blocks[0]?.length ?? 0) / (outputs[0]?.columns.length ?? 1);
  return { rows, outputs, blocks, ...(confidences && { confidences: Float64Array.from(confidences) }) };
}
