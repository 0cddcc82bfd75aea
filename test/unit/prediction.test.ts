import { expect } from 'chai';
import { countUnsure, keepShown } from '../../functions/core/model/labels-alone.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toShown } from '../../functions/core/model/outputs.ts';
import {
  blockOf,
  type Prediction,
  toAnswers,
  toNoPredictions,
  toPredictions,
} from '../../functions/core/model/prediction.ts';
import { fromRecords, readAt, toRecords } from '../../functions/core/model/records.ts';
import type { Tensor, Tensors } from '../../functions/core/model/tensor.ts';
import { readManifest } from '../helpers/files.ts';
import { outliersManifest, regressorManifest, scoresManifest, targetsManifest } from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';

const instances = { rows: [], pointerOf: (row: number) => `/instances/${row}` };
const classifier = parseManifest(readManifest());
const [all, alone] = [toShown(classifier, false), toShown(classifier, true)];
const values = toShown(regressorManifest(), false);
const labels: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(0n, 2n) };
const probabilities = (data: Float32Array | Float64Array, dtype: 'float32' | 'float64' = 'float64'): Tensor => {
  return { dtype, dims: [2, 3], data };
};

describe('toPredictions', () => {
  it('names the probabilities by class, row by row', () => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.of(0.7, 0.2, 0.1, 0, 0.25, 0.75)) };
    const predictions = toPredictions(fetches, all, instances);
    const records = toRecords(predictions);
    expect(records).to.deep.equal([
      { label: 'setosa', probabilities: { setosa: 0.7, versicolor: 0.2, virginica: 0.1 } },
      { label: 'virginica', probabilities: { setosa: 0, versicolor: 0.25, virginica: 0.75 } },
    ]);
    expect(toRecords(predictions, 1)).to.deep.equal(records.slice(0, 1));
    expect(fromRecords(records, classifier)).to.deep.equal(predictions);
  });

  it("takes the model's label, even if another class is more probable", () => {
    const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(2n, 0n) };
    const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
    expect(toPredictions(fetches, all, instances)).to.deep.nested.include({ 'blocks[0]': Int32Array.of(2, 0) });
  });

  it('reads labels at their offset in the buffer', () => {
    const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(7n, 7n, 1n, 2n, 7n).subarray(2, 4) };
    const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
    expect(toPredictions(fetches, all, instances)).to.deep.nested.include({ 'blocks[0]': Int32Array.of(1, 2) });
  });

  for (const position of [3n, -1n]) {
    it(`fails if the model answers class ${position} of three`, () => {
      const label: Tensor = { dtype: 'int64', dims: [2], data: BigInt64Array.of(0n, position) };
      const fetches = { label, probabilities: probabilities(new Float64Array(6)) };
      expect(() => toPredictions(fetches, all, instances)).to.throw(`the model answered class ${position} of 3`);
    });
  }

  it('answers the value of a regressor', () => {
    const variable: Tensor = { dtype: 'float32', dims: [2, 1], data: Float32Array.of(0.5, -2) };
    const predictions = toPredictions({ variable }, values, instances);
    expect(toRecords(predictions)).to.deep.equal([{ value: 0.5 }, { value: -2 }]);
    expect(fromRecords(toRecords(predictions), regressorManifest())).to.deep.equal(predictions);
  });

  it('refuses a row whose answer is not finite', () => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.of(1, 0, 0, 0, Number.NaN, 0)) };
    expect(() => toPredictions(fetches, all, instances))
      .to.throw('There is 1 problem with the rows')
      .with.nested.property('errors[0].pointer', '/instances/1');
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const variable: Tensor = { dtype: 'float64', dims: [2, 1], data: Float64Array.of(value, 1) };
      expect(() => toPredictions({ variable }, values, instances))
        .to.throw('There is 1 problem with the rows')
        .with.nested.property('errors[0].pointer', '/instances/0');
    }
  });

  it('fails if the model lacks the output', () => {
    expect(() => toPredictions({}, all, instances))
      .to.throw('the model gave no output label')
      .with.property('name', 'Error');
  });
});

describe('toAnswers', () => {
  it('lists the rows without a finite answer, and answers the others', () => {
    const numbers = Float64Array.of(1, 0, 0, 0, Number.NaN, 0);
    const { predictions, unanswered } = toAnswers({ label: labels, probabilities: probabilities(numbers) }, all);
    expect(unanswered).to.deep.equal([1]);
    expect(predictions.blocks).to.deep.equal([Int32Array.of(0, 2), numbers]);
    const kept = keepShown({ label: labels, probabilities: probabilities(numbers) }, alone);
    expect(toAnswers(kept, alone).unanswered).to.deep.equal([1]);
    const variable: Tensor = {
      dtype: 'float64',
      dims: [3, 1],
      data: Float64Array.of(Number.NEGATIVE_INFINITY, 1, Number.NaN),
    };
    expect(toAnswers({ variable }, values).unanswered).to.deep.equal([0, 2]);
    const label: Tensor = { dtype: 'int64', dims: [3], data: BigInt64Array.of(0n, 0n, 0n) };
    const three = { dtype: 'float64', dims: [3, 3], data: new Float64Array(9).with(4, Number.NaN) } as const;
    expect(toAnswers({ label, probabilities: three }, all).unanswered).to.deep.equal([1]);
  });
});

describe('toNoPredictions', () => {
  it('has no answers, in blocks of the types that answers have', () => {
    for (const manifest of [classifier, regressorManifest()]) {
      expect(toNoPredictions(toShown(manifest, false))).to.deep.equal(fromRecords([], manifest));
    }
  });
});

describe('toRecords', () => {
  it('names the probabilities by target, then by class', () => {
    const targets = targetsManifest([
      { name: 'colour', classes: ['red', 'blue'] },
      { name: 'size', classes: [1, 2] },
    ]);
    const records = [
      {
        labels: { colour: 'red', size: 2 },
        probabilities: { colour: { red: 0.6, blue: 0.4 }, size: { 1: 0.1, 2: 0.9 } },
      },
      {
        labels: { colour: 'blue', size: 1 },
        probabilities: { colour: { red: 0, blue: 1 }, size: { 1: 0.8, 2: 0.2 } },
      },
    ];
    expect(toRecords(fromRecords(records, targets))).to.deep.equal(records);
  });

  it('names a class __proto__ like any other', () => {
    const manifest = scoresManifest(['__proto__', 'b', 'c']);
    const predictions = predictionsOf(manifest, { label: [1, 0], scores: [1, 2, 3, 4, 5, 6] });
    expect(JSON.stringify(toRecords(predictions))).to.equal(
      '[{"label":"b","scores":{"__proto__":1,"b":2,"c":3}},{"label":"__proto__","scores":{"__proto__":4,"b":5,"c":6}}]',
    );
  });
});

describe('fromRecords', () => {
  it('reads a missing number as NaN, and a missing class as -1', () => {
    const { NaN: none } = Number;
    const odd = [
      {},
      { label: 'setosa', probabilities: null },
      { label: 1, probabilities: 'setosa' },
      { label: 'rose', probabilities: { setosa: '1', versicolor: 0.5 } },
    ] as unknown as Prediction[];
    expect(fromRecords(odd, classifier).blocks).to.deep.equal([
      Int32Array.of(-1, 0, -1, -1),
      Float64Array.of(none, none, none, none, none, none, none, none, none, none, 0.5, none),
    ]);
  });

  it('reads no member that a value has from its type', () => {
    expect(readAt({ label: {} }, 'label', ['toString'])).to.equal(undefined);
    expect(readAt({ label: 'rose' }, 'label', ['length'])).to.equal(undefined);
    expect(readAt({ label: { length: 4 } }, 'label', ['length'])).to.equal(4);
  });
});

describe('keepShown', () => {
  const keep = (...values: number[]) => {
    const fetches = { label: labels, probabilities: probabilities(Float64Array.from(values)) };
    return toPredictions(keepShown(fetches, alone), alone, instances);
  };

  it('keeps labels, and the largest probability of each row', () => {
    const predictions = keep(0.7, 0.2, 0.1, 0, 0.25, 0.75);
    expect(predictions).to.deep.equal(predictionsOf(classifier, { label: [0, 2] }, [0.7, 0.75]));
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
      it(`refuses ${bad} in column ${column - 3} of a row as if all numbers were kept`, () => {
        const values = [0.7, 0.2, 0.1, 0, 0.25, 0.75].with(column, bad);
        expect(() => keep(...values))
          .to.throw('There is 1 problem with the rows')
          .with.nested.property('errors[0].pointer', '/instances/1');
      });
    }
  }

  it('keeps the value of a regressor', () => {
    const fetches = { variable: { dtype: 'float64', dims: [1, 1], data: Float64Array.of(2) } } as const;
    expect(keepShown(fetches, toShown(regressorManifest(), true))).to.equal(fetches);
  });

  it('makes an answer fail if it needs the dropped probabilities', () => {
    expect(() => blockOf(keep(0.7, 0.2, 0.1, 0, 0.25, 0.75), 'probabilities')).to.throw('does not show probabilities');
  });

  const targets = targetsManifest([
    { name: 'colour', classes: ['red', 'blue'] },
    { name: 'size', classes: [1, 2, 3] },
  ]);
  const fetches: Tensors = {
    labels: { dtype: 'int64', dims: [2, 2], data: BigInt64Array.of(0n, 2n, 1n, 1n) },
    probabilities: { dtype: 'float64', dims: [2, 5], data: Float64Array.of(0.6, 0.4, 0, 0.1, 0.9, 0.2, 0.8, 0, 1, 0) },
  };

  it('keeps the largest probability of each target', () => {
    const shown = toShown(targets, true);
    const predictions = toPredictions(keepShown(fetches, shown), shown, instances);
    expect(predictions).to.deep.equal(predictionsOf(targets, { labels: [0, 2, 1, 1] }, [0.6, 0.9, 0.8, 1]));
    expect(keepShown(fetches, shown).probabilities).to.deep.equal({
      dtype: 'float64',
      dims: [2, 2],
      data: Float64Array.of(0.6, 0.9, 0.8, 1),
    });
    const complete = toPredictions(fetches, toShown(targets, false), instances);
    for (const [threshold, unsure] of [
      [0.6, 0],
      [0.7, 1],
      [0.85, 2],
    ] as const) {
      expect(countUnsure(predictions, threshold)).to.equal(unsure);
      expect(countUnsure(complete, threshold)).to.equal(unsure);
    }
  });

  it('counts a row as unsure if only its last target is', () => {
    const data = Float64Array.of(0.1, 0.9, 0.2, 0.5, 0.3, 1, 0, 0.3, 0.3, 0.4);
    const unsure = { ...fetches, probabilities: { dtype: 'float64', dims: [2, 5], data } as const };
    for (const labelsAlone of [false, true]) {
      const shown = toShown(targets, labelsAlone);
      const predictions = toPredictions(keepShown(unsure, shown), shown, instances);
      expect([0.4, 0.5, 0.6].map((threshold) => countUnsure(predictions, threshold))).to.deep.equal([0, 1, 2]);
    }
  });

  it('checks each label of several targets against the classes of its target', () => {
    const wrong = { ...fetches, labels: { ...(fetches.labels as Tensor), data: BigInt64Array.of(0n, 2n, 2n, 1n) } };
    expect(() => toPredictions(wrong, toShown(targets, false), instances)).to.throw('the model answered class 2 of 2');
  });

  it('counts no confidence without probabilities, and refuses scores that are not finite', () => {
    const outliers = outliersManifest();
    const shown = toShown(outliers, true);
    const toFetches = (...scores: number[]) => ({
      label: { dtype: 'int64', dims: [2], data: BigInt64Array.of(0n, 1n) } as const,
      score: { dtype: 'float64', dims: [2, 1], data: Float64Array.from(scores) } as const,
    });
    const predictions = toPredictions(keepShown(toFetches(1, -1), shown), shown, instances);
    expect(toRecords(predictions)).to.deep.equal([{ label: 'inlier' }, { label: 'outlier' }]);
    expect(countUnsure(predictions, 0.6)).to.equal(undefined);
    expect(toAnswers(keepShown(toFetches(1, Number.NaN), shown), shown).unanswered).to.deep.equal([1]);
  });
});
