import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type DType, parseManifest } from '../../functions/predict/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';

const satisfiesSchema = new Ajv2020({ strictTypes: false }).compile(
  JSON.parse(readFileSync('models/model.schema.json', 'utf8')),
);

function accepts(document: unknown): boolean {
  try {
    parseManifest(document);
    return true;
  } catch {
    return false;
  }
}

/** Every place in a document, as the keys that lead to it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

/** A copy of a document with another value at one place, or without it. */
function withChange(document: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = structuredClone(document) as Record<string, unknown>;
  copy[key] = withChange(copy[key], rest, value);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}

describe('parseManifest', () => {
  it('accepts the shipped package and a regressor, and so does the schema', () => {
    for (const manifest of [readManifest(), regressorManifest()]) {
      expect(parseManifest(manifest)).to.deep.equal(manifest);
      expect(satisfiesSchema(manifest), JSON.stringify(satisfiesSchema.errors)).to.equal(true);
    }
  });

  for (const original of [readManifest(), regressorManifest()]) {
    it(`agrees with the schema on any change of one place of a ${original.task}`, () => {
      const values = fc.oneof(
        fc.constant(undefined),
        fc.constantFrom(
          null,
          true,
          '',
          'x',
          '../x',
          0,
          1,
          -1,
          0.5,
          [],
          {},
          [null],
          [null, 4],
          [[]],
          { a: 1 },
          { a: 'x' },
        ),
        fc.jsonValue(),
      );
      fc.assert(
        fc.property(fc.constantFrom(...places(original)), values, (path, value) => {
          const changed = withChange(original, path, value);
          // Names that repeat and widths that do not fit are beyond a schema, so it may accept more.
          if (accepts(changed)) expect(satisfiesSchema(changed)).to.equal(true);
          else if (!/^(inputs|features)/.test(path[0] ?? '')) expect(satisfiesSchema(changed)).to.equal(false);
        }),
        { numRuns: 2000 },
      );
    });
  }

  it('names every place that is wrong', () => {
    const manifest = readManifest();
    expect(() => parseManifest({ ...manifest, version: 1, ir_version: 0 })).to.throw(/version: .*; ir_version: /);
  });

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
