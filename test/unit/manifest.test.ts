import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseManifest } from '../../functions/predict/model/manifest.ts';
import type { DType } from '../../functions/predict/model/tensor.ts';
import { packageNames, readManifest } from '../helpers/files.ts';
import { manifestOf, mixedManifest, regressorManifest, type TestColumn } from '../helpers/manifest.ts';

const satisfiesSchema = new Ajv2020({ strictTypes: false }).compile(
  JSON.parse(readFileSync('models/model.schema.json', 'utf8')),
);

/** What is wrong with a document, or undefined. */
function problemWith(document: unknown): string | undefined {
  try {
    parseManifest(document);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Names that repeat, what does not fit into an input, and categories that do not fit their frequencies or their type. */
const beyondSchema =
  /^(features: names must differ|inputs: expected one of width|features\.\d+: its values|features\.\d+\.categories: (expected a frequency|its values))/;

/** Every place in a document, as the keys that lead to it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

/** A copy of a document with another value at one place, or without it. */
function withChange(document: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<string, unknown>;
  copy[key] = withChange(copy[key], rest, value);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}

/** What may stand at one place or another, or nearly may. */
const likely = [
  ...[undefined, null, true, '', 'x', '../x', 'string', 'int64', 'rejected', 0, 1, -1, 0.5],
  ...[[], [null], [null, 4], [[]], ['x'], ['x', 'x'], [1, 1], [1, 'x']],
  ...[{}, { a: 1 }, { a: 'x' }, { missing: 0 }, { missing: 0, min: 0 }],
];

function expectAgreement(document: unknown): void {
  const problem = problemWith(document);
  if (!problem) expect(satisfiesSchema(document), JSON.stringify(satisfiesSchema.errors)).to.equal(true);
  else if (!beyondSchema.test(problem)) expect(satisfiesSchema(document), problem).to.equal(false);
}

/** valibot's record passes over keys that every object has a meaning for. */
const json = fc.jsonValue().filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));

describe('parseManifest', () => {
  it('accepts the shipped packages, a regressor and a mixed package, and so does the schema', () => {
    for (const manifest of [...packageNames().map(readManifest), regressorManifest(), mixedManifest()]) {
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
  })) {
    it(`agrees with the schema on any change of one place of a ${kind}`, () => {
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

  it('takes any text for a class', () => {
    const classes = ['__proto__', 'constructor', 'prototype'];
    const probabilities = JSON.parse('{"__proto__": 0.5, "constructor": 0.25, "prototype": 0.25}');
    const examples = [{ instances: [[1]], predictions: [{ label: '__proto__', probabilities }] }];
    const manifest = { ...readManifest(), classes, examples };
    expect(parseManifest(manifest).examples).to.deep.equal(examples);
  });

  const classLists: [string, unknown[], string?][] = [
    ['whole numbers', [-1, 0, Number.MAX_SAFE_INTEGER]],
    ['booleans', [false, true]],
    ['fractions', [-1.5, 0, 0.1, 1e-7]],
    ['strings called like numbers', ['0', '1.0', 'true']],
    ['strings that differ in case', ['a', 'A', '']],
    ['numbers beside strings', [0, '0'], 'classes: Classes must be of one type'],
    ['booleans beside numbers', [true, 2], 'classes: Classes must be of one type'],
    ['whole numbers that JavaScript mistakes for others', [0, 2 ** 53], 'classes.1: '],
    ['fractions beyond all whole numbers', [0.5, -1e16], 'classes.1: '],
    ['nulls', ['a', null], 'classes.1: '],
    ['arrays', ['a', ['b']], 'classes.1: '],
    ['numbers that repeat', [1, 1], 'classes: Classes must differ'],
    ['zero below and above', [-0, 0], 'classes: Classes must differ'],
    ['one alone', [true], 'classes: '],
    ['none', [], 'classes: '],
  ];
  for (const [kind, classes, problem] of classLists) {
    it(`${problem ? 'refuses' : 'takes'} classes that are ${kind}`, () => {
      const manifest = { ...readManifest(), classes };
      if (problem) expect(() => parseManifest(manifest)).to.throw(problem);
      else expect(parseManifest(manifest)).to.have.property('classes').that.deep.equals(classes);
      // JSON does not have -0.
      expect(satisfiesSchema(JSON.parse(JSON.stringify(manifest)))).to.equal(!problem);
    });
  }

  it('refuses features of the same name', () => {
    const features = (readManifest().features as object[]).map((feature) => ({ ...feature, name: 'x' }));
    expect(() => parseManifest({ ...readManifest(), features })).to.throw('features: names must differ');
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
  type Change = Record<string, unknown>;
  const misfits: [string, TestColumn, (feature: { categories: object }) => Change, RegExp][] = [
    [
      'frequencies of fewer values',
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
      'strings for numbers',
      { name: 'a', ...numeric },
      ({ categories }) => ({ categories: { ...categories, values: ['1', '2'] } }),
      /^features\.0\.categories\.values\.0: /,
    ],
    [
      'no categories',
      { name: 'a', ...numeric },
      ({ categories }) => ({ categories: { ...categories, values: [], frequencies: [] } }),
      /^features\.0\.categories\.values: /,
    ],
    [
      'a range of strings',
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
      expect(run).to.throw(`features.0.categories: its values are none of ${dtype}`);
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
