import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Feature, parseManifest, toPublicManifest } from '../../functions/core/model/manifest.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import { packageNames, readManifest } from '../helpers/files.ts';
import {
  kindsOfAnswers,
  manifestOf,
  mixedManifest,
  problemWith,
  regressorManifest,
  type TestColumn,
} from '../helpers/manifest.ts';

const satisfiesSchema = new Ajv2020({ strictTypes: false }).compile(
  JSON.parse(readFileSync('models/model.schema.json', 'utf8')),
);

type Change = Record<string, unknown>;

/** The features, with changes to the baseline of the first one. */
function withBaseline([first, ...others]: readonly Feature[], changes: object): readonly unknown[] {
  return [{ ...first, baseline: { ...first?.baseline, ...changes } }, ...others];
}

/** Errors that the JSON schema finds too. It cannot find the others, which compare parts with each other. */
const bySchema = /: (Invalid |(Values|Classes) must )/;

/** Every place in a document, as the keys that lead to it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

/** A copy of a document with another value at one place. The value undefined removes the place. */
function withChange(document: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<string, unknown>;
  copy[key] = withChange(copy[key], rest, value);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}

/** Values that are valid, or almost valid, somewhere in a manifest. */
const likely = [
  ...[undefined, null, true, '', 'x', '../x', 'string', 'int64', 'timestamp', 'UTC', 'rejected', 0, 1, -1, 0.5],
  ...[1e6 + 1, 2 ** 31, 2 ** 53],
  ...[[], [null], [null, 4], [[]], ['x'], ['x', 'x'], [1, 1], [1, 'x']],
  ...[{}, { a: 1 }, { a: 'x' }, { missing: 0 }, { missing: 0, min: 0 }],
];

function expectAgreement(document: unknown): void {
  const problem = problemWith(document);
  if (!problem) expect(satisfiesSchema(document), JSON.stringify(satisfiesSchema.errors)).to.equal(true);
  else if (bySchema.test(problem)) expect(satisfiesSchema(document), problem).to.equal(false);
}

/** Any JSON without keys such as constructor, which valibot's `record` skips. */
const json = fc.jsonValue().filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));

const times = manifestOf([
  { name: 'a', dtype: 'timestamp', nullable: true },
  { name: 'b', dtype: 'timestamp', timezone: 'UTC' },
]);
const kinds = kindsOfAnswers();
/** One kind of model for each shape of answer, besides the usual classifier and regressor. */
const exhaustive = Object.fromEntries(
  ['classifier with scores', 'classifier of several targets', 'regressor of several targets', 'outlier detector'].map(
    (kind) => [kind, kinds[kind]],
  ),
);

describe('parseManifest', () => {
  it('accepts the shipped packages and packages of every kind, and so does the schema', () => {
    const shipped = packageNames().map((name) => readManifest(name));
    const others = [regressorManifest(), mixedManifest(), times, ...Object.values(kinds)];
    for (const manifest of [...shipped, ...others]) {
      expect(parseManifest(manifest)).to.deep.equal(manifest);
      expect(satisfiesSchema(manifest), JSON.stringify(satisfiesSchema.errors)).to.equal(true);
    }
  });

  for (const [kind, original] of Object.entries({
    classifier: readManifest(),
    regressor: regressorManifest(),
    'mixed package': mixedManifest(),
    'package of categories': manifestOf([
      { name: 'a', dtype: 'int64', categories: [1, 2] },
      { name: 'b', dtype: 'string', categories: ['x', 'y'] },
    ]),
    'package of times': times,
    ...exhaustive,
  })) {
    it(`agrees with the schema on any single change of a ${kind}`, () => {
      for (const path of places(original)) {
        for (const value of likely) expectAgreement(withChange(original, path, value));
      }
      fc.assert(
        fc.property(fc.constantFrom(...places(original)), json, (path, value) => {
          expectAgreement(withChange(original, path, value));
        }),
        { numRuns: 1000 },
      );
    });
  }

  it('names every place that is wrong', () => {
    const manifest = readManifest();
    expect(() => parseManifest({ ...manifest, version: 1, ir_version: 0 })).to.throw(/version: .*; ir_version: /);
  });

  it('names the document if it is no object at all', () => {
    for (const document of [null, 'x', 1]) {
      expect(() => parseManifest(document)).to.throw(/^document: Invalid type: Expected /);
    }
  });

  it('accepts any text as a class', () => {
    const classes = ['__proto__', 'constructor', 'prototype'];
    const probabilities = JSON.parse('{"__proto__": 0.5, "constructor": 0.25, "prototype": 0.25}');
    const examples = [{ instances: [[1]], predictions: [{ label: '__proto__', probabilities }] }];
    const manifest = { ...readManifest(), classes, examples, explanations: undefined };
    expect(parseManifest(manifest).examples).to.deep.equal(examples);
  });

  const broken: [string, (manifest: ReturnType<typeof regressorManifest>) => Change, RegExp][] = [
    [
      'a minimum above the maximum',
      ({ features }) => ({ features: withBaseline(features, { min: 99 }) }),
      /^features\.0\.baseline: min is 99 and max 7\.9, which is less$/,
    ],
    [
      'deciles out of order',
      ({ features }) => ({ features: withBaseline(features, { deciles: [5, 4.8, 5, 5, 5, 5, 5, 5, 5] }) }),
      /^features\.0\.baseline\.deciles: expected them in order/,
    ],
    [
      'a decile beyond the range',
      ({ features }) => ({ features: withBaseline(features, { deciles: [5, 5, 5, 5, 5, 5, 5, 5, 8] }) }),
      /^features\.0\.baseline\.deciles: expected them in order/,
    ],
    [
      'a mean beyond the range',
      ({ features }) => ({ features: withBaseline(features, { mean: 8 }) }),
      /^features\.0\.baseline\.mean: 8 is not between min and max$/,
    ],
    [
      'a standard deviation that is too large for the range',
      ({ features }) => ({ features: withBaseline(features, { std: 1.9 }) }),
      /^features\.0\.baseline\.std: 1\.9 is more than half of the range$/,
    ],
    [
      'a target with a minimum above its maximum',
      ({ target }) => ({ target: { ...target, baseline: { ...(target as { baseline: object }).baseline, max: 0 } } }),
      /^target\.baseline: min is 4\.3 and max 0/,
    ],
    [
      'points that do not sum to the number of rows',
      ({ parity }) => ({ parity: { ...parity, rows: 1 } }),
      /^parity\.points: sum to 20000, but rows is 1$/,
    ],
    [
      'more mismatches than rows',
      ({ parity }) => ({ parity: { ...parity, mismatches: 20_001 } }),
      /^parity\.mismatches: 20001 are more than the 20000 rows$/,
    ],
    [
      'a tolerance that proves nothing',
      ({ parity }) => ({ parity: { ...parity, tolerance: 1 } }),
      /^parity\.tolerance: 1 proves nothing; expected at most 0\.001$/,
    ],
    [
      'an error beyond the tolerance',
      ({ parity }) => ({ parity: { ...parity, largest_error: 1e-7 } }),
      /^parity\.largest_error: 1e-7 is beyond the tolerance, but mismatches is 0$/,
    ],
    [
      'a label agreement for a regressor',
      ({ parity }) => ({ parity: { ...parity, label_agreement: 1 } }),
      /^parity\.label_agreement: a regressor has no labels$/,
    ],
    [
      'an example with more rows than predictions',
      ({ examples }) => ({
        examples: examples.map(({ instances, ...example }) => ({
          ...example,
          instances: [...instances, ...instances],
        })),
      }),
      /^examples\.0: expected a prediction for each of 2 rows, got 1$/,
    ],
  ];
  for (const [what, change, message] of broken) {
    it(`refuses ${what}`, () => {
      const manifest = regressorManifest();
      expect(problemWith({ ...manifest, ...change(manifest) })).to.match(message);
    });
  }

  it('accepts a range of one number with a rounded mean, and an error that was rounded up', () => {
    const { features, parity, ...manifest } = readManifest() as { features: Feature[]; parity: object };
    const baseline = { min: 0.1, max: 0.1, mean: 0.10000000000000002, std: 1.4e-17, deciles: new Array(9).fill(0.1) };
    expect(
      problemWith({
        ...manifest,
        parity: { ...parity, largest_error: 1e-8 },
        features: withBaseline(features, baseline),
      }),
    ).to.equal(undefined);
  });

  it('refuses a classifier with a missing or contradictory agreement, scale or label', () => {
    const { parity, examples, ...manifest } = readManifest() as {
      parity: object;
      examples: { predictions: object[] }[];
    };
    const problem = (change: object) => problemWith({ ...manifest, examples, parity: { ...parity, ...change } });
    expect(problem({ label_agreement: null })).to.equal('parity.label_agreement: null does not fit 0 mismatches');
    expect(problem({ label_agreement: 0.99 })).to.equal('parity.label_agreement: 0.99 does not fit 0 mismatches');
    expect(problem({ label_agreement: 0.99, mismatches: 200 })).to.equal(undefined);
    expect(problem({ scale: 10 })).to.equal('parity.scale: expected 1 of a classifier, got 10');
    const [example] = examples;
    const predictions = [{ ...example?.predictions[0], label: 'rose' }];
    expect(problemWith({ ...manifest, parity, examples: [{ ...example, predictions }] })).to.equal(
      'examples.0: its label is not one of the classes',
    );
  });

  it('refuses frequencies that sum to more than 1', () => {
    const { features, ...manifest } = manifestOf([{ name: 'a', dtype: 'string', categories: ['x', 'y'] }]);
    const categories = { values: ['x', 'y'], frequencies: [0.6, 0.5], unknown: 'accepted' };
    expect(problemWith({ ...manifest, features: [{ ...features[0], categories }] })).to.equal(
      'features.0.categories: its frequencies sum to 1.1, which is more than 1',
    );
  });

  it("refuses an input that has neither its feature's name nor a name with the feature's position", () => {
    const manifest = manifestOf([
      { name: 'a', dtype: 'string' },
      { name: 'label', dtype: 'string' },
    ]);
    const {
      inputs: [first, second],
    } = manifest;
    expect(problemWith({ ...manifest, inputs: [first, { ...second, name: 'input 1' }] })).to.equal(undefined);
    expect(problemWith({ ...manifest, inputs: [second, first] })).to.equal(
      'features.0: its name differs from the name of its input in the model',
    );
    expect(problemWith({ ...manifest, inputs: [{ ...first, name: 'input 1' }, second] })).to.match(
      /^features\.0: its name/,
    );
  });

  const classLists: [string, unknown[], string?][] = [
    ['whole numbers', [-1, 0, Number.MAX_SAFE_INTEGER]],
    ['booleans', [false, true]],
    ['fractions', [-1.5, 0, 0.1, 1e-7]],
    ['strings that look like numbers', ['0', '1.0', 'true']],
    ['strings that differ in case', ['a', 'A', '']],
    ['numbers beside strings', [0, '0'], 'classes: Classes must be of one type'],
    ['booleans beside numbers', [true, 2], 'classes: Classes must be of one type'],
    ['whole numbers that JavaScript cannot represent exactly', [0, 2 ** 53], 'classes.1: '],
    ['fractions and a number beyond 2^53', [0.5, -1e16], 'classes.1: '],
    ['strings and null', ['a', null], 'classes.1: '],
    ['strings and arrays', ['a', ['b']], 'classes.1: '],
    ['numbers that repeat', [1, 1], 'classes: Classes must differ'],
    ['a negative and a positive zero', [-0, 0], 'classes: Classes must differ'],
    ['a single class', [true], 'classes: '],
    ['an empty list', [], 'classes: '],
  ];
  for (const [kind, classes, problem] of classLists) {
    it(`${problem ? 'refuses' : 'takes'} classes that are ${kind}`, () => {
      const probabilities = Object.fromEntries(classes.map((value) => [String(value), 0]));
      const examples = [{ instances: [[1]], predictions: [{ label: classes[0], probabilities }] }];
      const manifest = { ...readManifest(), classes, examples, explanations: undefined };
      if (problem) expect(() => parseManifest(manifest)).to.throw(problem);
      else expect(parseManifest(manifest)).to.have.property('classes').that.deep.equals(classes);
      // JSON.stringify writes -0 as 0.
      expect(satisfiesSchema(JSON.parse(JSON.stringify(manifest)))).to.equal(!problem);
    });
  }

  it('refuses features of the same name', () => {
    const features = (readManifest().features as object[]).map((feature) => ({ ...feature, name: 'x' }));
    expect(() => parseManifest({ ...readManifest(), features })).to.throw('features: names must differ');
  });

  it('refuses a number beyond float64, which JSON.parse reads as Infinity', () => {
    const manifest = readManifest();
    const [feature, ...features] = manifest.features as { baseline: object }[];
    const baseline = { ...feature?.baseline, max: JSON.parse('1e999') };
    expect(() => parseManifest({ ...manifest, features: [{ ...feature, baseline }, ...features] })).to.throw(
      'features.0.baseline.max: ',
    );
  });

  it('refuses classes of the same name, too few deciles and a hash in upper case', () => {
    const manifest = readManifest();
    const [feature, ...features] = manifest.features as { baseline: { deciles: number[] } }[];
    const baseline = { ...feature?.baseline, deciles: feature?.baseline.deciles.slice(1) };
    expect(() => parseManifest({ ...manifest, classes: ['a', 'a', 'b'] })).to.throw('classes: Classes must differ');
    expect(() => parseManifest({ ...manifest, sha256: 'A'.repeat(64) })).to.throw('sha256: ');
    expect(() => parseManifest({ ...manifest, features: [{ ...feature, baseline }, ...features] })).to.throw(
      'features.0.baseline.deciles: ',
    );
  });

  const numeric = { dtype: 'int64', categories: [1, 2] } as const;
  const text = { dtype: 'string', categories: ['a', 'b'] } as const;
  const misfits: [string, TestColumn, (feature: { categories: object }) => Change, RegExp][] = [
    [
      'fewer frequencies than values',
      { name: 'a', ...text },
      ({ categories }) => ({ categories: { ...categories, frequencies: [1] } }),
      /^features\.0\.categories: expected a frequency for each of 2 values, got 1$/,
    ],
    [
      'values that repeat',
      { name: 'a', ...text },
      ({ categories }) => ({ categories: { ...categories, values: ['a', 'a'] } }),
      /^features\.0\.categories\.values: Values must differ$/,
    ],
    [
      'a category of another type',
      { name: 'a', ...text },
      ({ categories }) => ({ categories: { ...categories, values: ['a', 1] } }),
      /^features\.0\.categories\.values\.1: /,
    ],
    [
      'strings as categories of numbers',
      { name: 'a', ...numeric },
      ({ categories }) => ({ categories: { ...categories, values: ['1', '2'] } }),
      /^features\.0\.categories\.values\.0: /,
    ],
    [
      'an empty list of categories',
      { name: 'a', ...numeric },
      ({ categories }) => ({ categories: { ...categories, values: [], frequencies: [] } }),
      /^features\.0\.categories\.values: /,
    ],
    [
      'a range for strings',
      { name: 'a', ...text },
      () => ({ baseline: { missing: 0, min: 0 } }),
      /^features\.0\.baseline\.min: /,
    ],
    [
      'numbers without a range',
      { name: 'a', ...numeric },
      () => ({ baseline: { missing: 0 } }),
      /^features\.0\.baseline\.min: /,
    ],
  ];
  for (const [what, column, change, message] of misfits) {
    it(`refuses ${what}`, () => {
      const manifest = manifestOf([column]);
      const features = manifest.features.map((feature) => ({
        ...feature,
        ...change({ categories: feature.categories ?? {} }),
      }));
      expect(problemWith({ ...manifest, features })).to.match(message);
    });
  }

  const others: [DType, number][] = [
    ['int64', 0.5],
    ['int64', 2 ** 53],
    ['float32', 1e39],
    ['bool', 2],
  ];
  for (const [dtype, value] of others) {
    it(`refuses ${value} as a category of ${dtype}`, () => {
      const run = () => manifestOf([{ name: 'a', dtype, categories: [1, value] }]);
      expect(run).to.throw(`features.0.categories: its values are not of type ${dtype}`);
    });
  }

  const unfit: [DType, DType, boolean][] = [
    ['float32', 'float64', false],
    ['float64', 'string', false],
    ['int64', 'float64', false],
    ['int64', 'int64', true],
    ['bool', 'bool', true],
  ];
  for (const [input, dtype, nullable] of unfit) {
    it(`refuses a feature of ${nullable ? 'nullable ' : ''}${dtype} in an input of ${input}`, () => {
      expect(() => manifestOf([{ name: 'a', dtype, nullable }], input)).to.throw(
        'features.0: its values, or its nulls',
      );
    });
  }

  it('refuses inputs that are neither one matrix nor one column for each feature', () => {
    const inputs = [{ name: 'X', dtype: 'float64', shape: [null, 3] }];
    expect(() => parseManifest({ ...readManifest(), inputs })).to.throw(
      'inputs: expected one of width 4 or 4 of width 1, got widths 3',
    );
    const columns = [1, 1, 1, 2].map((width, index) => ({ name: `x${index}`, dtype: 'float64', shape: [null, width] }));
    expect(() => parseManifest({ ...readManifest(), inputs: columns })).to.throw('got widths 1,1,1,2');
  });
});

describe('toPublicManifest', () => {
  it('leaves out the schema and the names of files, and keeps the rest', () => {
    const { $schema: _schema, file: _file, explanations, ...rest } = parseManifest(readManifest());
    const { file: _background, ...shown } = explanations ?? {};
    expect(shown).to.include.keys('sha256', 'importance');
    expect(toPublicManifest(parseManifest(readManifest()))).to.deep.equal({ ...rest, explanations: shown });
  });

  it('has no explanations if the package has none', () => {
    expect(toPublicManifest(regressorManifest())).not.to.have.property('explanations');
  });
});
