import { expect } from 'chai';
import { createByteBuffer } from '../../functions/core/byte-buffer.ts';
import { createMemberWriter } from '../../functions/core/json/answers.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import {
  labelsManifest,
  outliersManifest,
  scoresManifest,
  targetsManifest,
  valuesManifest,
} from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';

/** The answer to each row, as text. */
function answersOf(predictions: Predictions): string[] {
  const write = createMemberWriter(predictions);
  return Array.from({ length: predictions.rows }, (_, row) => {
    const target = createByteBuffer(0);
    write(row, target);
    return target.bytes.toString('utf8', 0, target.length);
  });
}

describe('createMemberWriter', () => {
  it('writes a label of any type', () => {
    expect(answersOf(predictionsOf(labelsManifest(['a', 'b"ä']), { label: [1, 0] }))).to.deep.equal([
      '"label":"b\\"ä"',
      '"label":"a"',
    ]);
    expect(answersOf(predictionsOf(labelsManifest([false, true]), { label: [1] }))).to.deep.equal(['"label":true']);
    expect(answersOf(predictionsOf(labelsManifest([-1, 2.5]), { label: [1] }))).to.deep.equal(['"label":2.5']);
  });

  it('writes members next to each other', () => {
    const predictions = predictionsOf(outliersManifest(), { label: [0, 1], score: [0.5, -1e-7] });
    expect(answersOf(predictions)).to.deep.equal(['"label":"inlier","score":0.5', '"label":"outlier","score":-1e-7']);
  });

  it('writes the numbers of classes and of targets into an object', () => {
    const scores = predictionsOf(scoresManifest(['a', '"b', 'c']), { label: [2], scores: [1, 2, 3] });
    expect(answersOf(scores)).to.deep.equal(['"label":"c","scores":{"a":1,"\\"b":2,"c":3}']);
    const values = predictionsOf(valuesManifest(['height', 'weight']), { values: [1, 2, 3, 4] });
    expect(answersOf(values)).to.deep.equal(['"values":{"height":1,"weight":2}', '"values":{"height":3,"weight":4}']);
  });

  it('writes the numbers of each class into the object of its target', () => {
    const targets = [
      { name: 'colour', classes: ['red', 'blue'] },
      { name: 'the "size"', classes: [1, 2, 3] },
    ];
    const answer = predictionsOf(targetsManifest(targets), { labels: [1, 2], probabilities: [0.25, 0.75, 0, 0.5, 1] });
    expect(answersOf(answer)).to.deep.equal([
      '"labels":{"colour":"blue","the \\"size\\"":3},' +
        '"probabilities":{"colour":{"red":0.25,"blue":0.75},"the \\"size\\"":{"1":0,"2":0.5,"3":1}}',
    ]);
  });
});
