import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import { fromRecords } from '../../functions/core/model/records.ts';
import { checkAnswerFits } from '../../functions/predict/answer-size.ts';
import { mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { native } from '../../functions/predict/protocols/native.ts';
import { readManifest } from '../helpers/files.ts';
import { predictionsOf } from '../helpers/predictions.ts';

const manifest = parseManifest(readManifest());
type Encode = (predictions: Predictions) => { body: string | Uint8Array };

/** The number of rows that fit, as the error for far too many rows states it. Infinity if there is no error. */
function fitting(encode: Encode): number {
  try {
    const limits = { ...defaultLimits, rows: 10_000_000, probabilities: 30_000_000 };
    checkAnswerFits(10_000_000, encode, manifest, limits);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    expect(error.status).to.equal(413);
    return Number(/at most (\d+) rows/.exec(error.message)?.[1]);
  }
  return Number.POSITIVE_INFINITY;
}

describe('checkAnswerFits', () => {
  const texts: [string, Encode][] = [
    ['text', (predictions) => native.encode(predictions, manifest, undefined)],
    ['text that JSON escapes', (predictions) => ({ body: '"'.repeat(predictions.rows * 10) })],
    ['text beyond ASCII', (predictions) => ({ body: 'ä'.repeat(predictions.rows * 10) })],
  ];
  for (const [what, encode] of texts) {
    it(`counts the bytes of ${what} in the JSON of an invocation's result`, () => {
      const rows = fitting(encode);
      const longest = { label: 'versicolor', probabilities: { setosa: -1.1e-300, versicolor: 1, virginica: 1 } };
      const answer = JSON.stringify(encode(fromRecords(Array(rows).fill(longest), manifest)));
      expect(Buffer.byteLength(answer)).to.be.within(defaultLimits.answerBytes / 2, defaultLimits.answerBytes);
    });
  }

  for (const bytes of [48, 49, 50]) {
    it(`estimates how many rows of ${bytes} bytes fit into a body that is sent as base64`, () => {
      const rows = fitting((predictions) => ({ body: Buffer.alloc(predictions.rows * bytes) }));
      const length = Buffer.alloc(rows * bytes).toString('base64').length;
      expect(length).to.be.within(defaultLimits.answerBytes * 0.9, defaultLimits.answerBytes);
    });
  }

  it('does not measure explanations that can only be too large', () => {
    const { explanations, features, examples, ...iris } = readManifest() as Record<string, object[]>;
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    const byName = Object.fromEntries(names.map((name) => [name, 0]));
    const [example] = examples as unknown as [object];
    const wide = parseManifest({
      ...iris,
      features: names.map((name) => ({ ...features?.[0], name })),
      inputs: [{ name: 'X', dtype: 'float64', shape: [null, 1000] }],
      classes: names,
      examples: [
        { ...example, instances: [names.map(() => 1)], predictions: [{ label: 'n0', probabilities: byName }] },
      ],
      explanations: { ...explanations, importance: { '': byName } },
    });
    const encode = () => {
      throw new Error('it was measured');
    };
    expect(() => checkAnswerFits(1, encode, wide, defaultLimits, { numbers: 'all' }))
      .to.throw(RequestError, /^No answer of this model in this form fits into 6291456 bytes, and there are 1; \d+ fit/)
      .with.property('status', 413);
    expect(() => checkAnswerFits(1, encode, wide, defaultLimits, { numbers: 'predicted' })).not.to.throw();
  });

  it('refuses even a few rows if a model has many classes', () => {
    const classes = Array.from({ length: 2000 }, (_, index) => `class ${index}`);
    const wide = { ...manifest, classes } as Manifest;
    const check =
      (rows: number, answerBytes = defaultLimits.answerBytes) =>
      () =>
        checkAnswerFits(rows, (predictions) => native.encode(predictions, wide, undefined), wide, {
          ...defaultLimits,
          answerBytes,
        });
    expect(check(1)).not.to.throw();
    expect(check(100)).to.throw(/^Expected at most \d\d rows, /);
    expect(check(1, 50_000)).to.throw(
      /^No answer of this model in this form fits into 50000 bytes, and there are 1; \d+ fit as labels alone/,
    );
  });

  it('estimates the size with the class name that has the most bytes, not the most characters', () => {
    const classes = ['a'.repeat(31), '漢'.repeat(30)];
    const mixed = { ...manifest, classes } as Manifest;
    const label = new Int32Array(60_000).fill(1);
    const encode: Encode = (predictions) => mlflow.encode(predictions, mixed, undefined) as { body: string };
    const size = Buffer.byteLength(JSON.stringify(encode(predictionsOf(mixed, { label }))));
    expect(() =>
      checkAnswerFits(label.length, encode, mixed, { ...defaultLimits, answerBytes: size - 1, stringLength: 0 }),
    ).to.throw(/^Expected at most \d+ rows/);
  });

  it('does not encode anything for a hundred rows', () => {
    const encode = () => expect.fail('it was asked to encode');
    expect(() => checkAnswerFits(100, encode, manifest, defaultLimits)).not.to.throw();
  });
});
