import { expect } from 'chai';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import {
  countUnsure,
  fromRecords,
  keepConfidences,
  toAnswers,
  toPredictions,
  toRecords,
  withProbabilities,
} from '../../functions/core/model/prediction.ts';
import type { Tensor } from '../../functions/core/model/tensor.ts';
import { readManifest } from '../helpers/files.ts';
import { regressorManifest } from '../helpers/manifest.ts';

const instances = { rows: [], pointerOf: (row: number) => `/instances/${row}` };
const classifier = parseManifest(readManifest());
const labels: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(0n, 2n) };
const probabilities = (data: Float32Array | Float64Array, dtype: 'float32' | 'float64' = 'float64'): Tensor => {
  return { dtype, dims: [2, 3], data };
};

describe('toPredictions', () => {
  it('names the probabilities by class, row by row', () => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.of(0.7, 0.2, 0.1, 0, 0.25, 0.75)) };
    const predictions = toPredictions(fetches, classifier, instances);
    const records = toRecords(predictions);
    expect(records).to.deep.equal([
      { label: 'setosa', probabilities: { setosa: 0.7, versicolor: 0.2, virginica: 0.1 } },
      { label: 'virginica', probabilities: { setosa: 0, versicolor: 0.25, virginica: 0.75 } },
    ]);
    expect(toRecords(predictions, 1)).to.deep.equal(records.slice(0, 1));
    expect(fromRecords(records, classifier)).to.deep.equal(predictions);
  });

  it('takes the label that the model gives, whatever is the most probable', () => {
    const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(2n, 0n) };
    const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
    expect(toPredictions(fetches, classifier, instances)).to.deep.include({ labels: Int32Array.of(2, 0) });
  });

  it('reads labels from where they lie in their buffer', () => {
    const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(7n, 7n, 1n, 2n, 7n).subarray(2, 4) };
    const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
    expect(toPredictions(fetches, classifier, instances)).to.deep.include({ labels: Int32Array.of(1, 2) });
  });

  for (const position of [3n, -1n]) {
    it(`fails where the model answers class ${position} of three`, () => {
      const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(0n, position) };
      const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
      expect(() => toPredictions(fetches, classifier, instances)).to.throw(`the model answered class ${position} of 3`);
    });
  }

  it('answers the value of a regressor', () => {
    const variable: Tensor = { dtype: 'float32', dims: [2, 1], data: Float32Array.of(0.5, -2) };
    const predictions = toPredictions({ variable }, regressorManifest(), instances);
    expect(toRecords(predictions)).to.deep.equal([{ value: 0.5 }, { value: -2 }]);
    expect(fromRecords(toRecords(predictions), regressorManifest())).to.deep.equal(predictions);
  });

  it('refuses a row whose answer is not finite', () => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.of(1, 0, 0, 0, Number.NaN, 0)) };
    expect(() => toPredictions(fetches, classifier, instances))
      .to.throw('There is 1 problem with the rows')
      .with.nested.property('errors[0].pointer', '/instances/1');
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const variable: Tensor = { dtype: 'float64', dims: [2, 1], data: Float64Array.of(value, 1) };
      expect(() => toPredictions({ variable }, regressorManifest(), instances))
        .to.throw('There is 1 problem with the rows')
        .with.nested.property('errors[0].pointer', '/instances/0');
    }
  });

  it('fails where the model gives no such output', () => {
    expect(() => toPredictions({}, classifier, instances))
      .to.throw('the model gave no output probabilities')
      .with.property('name', 'Error');
  });
});

describe('toAnswers', () => {
  it('tells the rows without a finite answer, and answers the others', () => {
    const numbers = Float64Array.of(1, 0, 0, 0, Number.NaN, 0);
    const { predictions, unanswered } = toAnswers({ label: labels, probabilities: probabilities(numbers) }, classifier);
    expect(unanswered).to.deep.equal([1]);
    expect(predictions).to.deep.include({ labels: Int32Array.of(0, 2), probabilities: numbers });
    const kept = keepConfidences({ label: labels, probabilities: probabilities(numbers) }, classifier);
    expect(toAnswers(kept, classifier).unanswered).to.deep.equal([1]);
    const variable: Tensor = {
      dtype: 'float64',
      dims: [3, 1],
      data: Float64Array.of(Number.NEGATIVE_INFINITY, 1, Number.NaN),
    };
    expect(toAnswers({ variable }, regressorManifest()).unanswered).to.deep.equal([0, 2]);
  });
});

describe('keepConfidences', () => {
  const keep = (...values: number[]) => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.from(values)) };
    return toPredictions(keepConfidences(fetches, classifier), classifier, instances);
  };

  it('leaves labels, and the largest probability of each row', () => {
    const predictions = keep(0.7, 0.2, 0.1, 0, 0.25, 0.75);
    expect(predictions).to.deep.equal({
      classes: ['setosa', 'versicolor', 'virginica'],
      labels: Int32Array.of(0, 2),
      confidences: Float64Array.of(0.7, 0.75),
    });
    if ('values' in predictions) throw new Error('no classification');
    for (const [threshold, unsure] of [
      [0.7, 0],
      [0.71, 1],
      [0.76, 2],
    ] as const) {
      expect(countUnsure(predictions, threshold)).to.equal(unsure);
    }
  });

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const column of [3, 4, 5]) {
      it(`refuses ${bad} at the place ${column - 3} of a row as if all were kept`, () => {
        const values = [0.7, 0.2, 0.1, 0, 0.25, 0.75].with(column, bad);
        expect(() => keep(...values))
          .to.throw('There is 1 problem with the rows')
          .with.nested.property('errors[0].pointer', '/instances/1');
      });
    }
  }

  it('leaves the value of a regressor', () => {
    const fetches = { variable: { dtype: 'float64', dims: [1, 1], data: Float64Array.of(2) } } as const;
    expect(keepConfidences(fetches, regressorManifest())).to.equal(fetches);
  });

  it('lets no answer show probabilities that are not there', () => {
    const predictions = { classes: ['setosa'], labels: Int32Array.of(0), confidences: Float64Array.of(1) };
    expect(() => withProbabilities(predictions)).to.throw('labels alone');
  });
});
