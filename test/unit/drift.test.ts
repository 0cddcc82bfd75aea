import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Feature, Manifest } from '../../functions/core/model/manifest.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import { type Bins, type Cell, stabilityIndex, toBins } from '../../functions/predict/telemetry/drift.ts';
import { packageNames } from '../helpers/files.ts';

type Baseline = Exclude<Feature, { readonly dtype: 'string' }>['baseline'];

const uniform: Baseline = {
  missing: 0,
  min: 0,
  max: 100,
  mean: 50,
  std: 29,
  deciles: [10, 20, 30, 40, 50, 60, 70, 80, 90],
};
const numbers = (baseline: Partial<Baseline> = {}, dtype: DType = 'float64'): Feature => {
  const feature = { name: 'a', dtype, unit: null, nullable: true, categories: null };
  return { ...feature, baseline: { ...uniform, ...baseline } } as Feature;
};
const cities = (frequencies: number[], missing = 0): Feature => ({
  name: 'city',
  dtype: 'string',
  unit: null,
  nullable: true,
  categories: { values: frequencies.map((_, index) => `c${index}`), frequencies, unknown: 'accepted' },
  baseline: { missing },
});

const count = ({ size, counterOf }: Bins, cells: readonly Cell[]): number[] => {
  const counters = new Array<number>(size).fill(0);
  for (const cell of cells) counters[counterOf(cell)] = (counters[counterOf(cell)] ?? 0) + 1;
  return counters;
};
const binned = (bins: Bins, cells: readonly Cell[]) => [...bins.toBinned(count(bins, cells))];
const drift = (feature: Feature, cells: readonly Cell[], tensor: DType = 'float64') => {
  const bins = toBins(feature, tensor);
  return stabilityIndex(bins, count(bins, cells));
};
const repeat = <T>(times: number, value: T): T[] => new Array<T>(times).fill(value);
/** 0.5, 1.5, … 99.5: ten values in each bin, none of which is a decile. */
const even = Array.from({ length: 100 }, (_, index) => index + 0.5);

describe('toBins', () => {
  it('counts a number in its bin, and half in each neighbour if it is a decile', () => {
    const bins = toBins(numbers(), 'float64');
    expect(bins.expected.map((share) => share.toFixed(3))).to.deep.equal(['0.000', ...repeat(10, '0.100')]);
    expect(binned(bins, [-5, 9])).to.deep.equal([0, 2, ...repeat(9, 0)]);
    expect(binned(bins, [10, 95, 1000])).to.deep.equal([0, 0.5, 0.5, ...repeat(7, 0), 2]);
    expect(binned(bins, [90, 55])).to.deep.equal([0, 0, 0, 0, 0, 0, 1, 0, 0, 0.5, 0.5]);
  });

  it('counts strings without categories only as missing or not', () => {
    const bins = toBins({ ...cities([], 0.25), categories: null } as Feature, 'string');
    expect(bins.expected).to.deep.equal([0.25, 0.75]);
    expect(binned(bins, ['', 'Graz', '1e999', '-Infinity'])).to.deep.equal([1, 3]);
    expect(bins).not.to.have.property('unseen');
  });

  it('counts missing values separately', () => {
    const bins = toBins(numbers({ missing: 0.2 }), 'float64');
    expect(bins.expected[0]).to.equal(0.2);
    expect(bins.expected.reduce((sum, share) => sum + share)).to.be.closeTo(1, 1e-12);
    expect(bins.expected[1]).to.be.closeTo(0.08, 1e-12);
    expect(binned(bins, [Number.NaN, 5])).to.deep.equal([1, 1, ...repeat(9, 0)]);
    expect(binned(toBins(cities([0.5, 0.5], 0.1), 'string'), ['', 'c1', 'x', 'c0', 'c0'])).to.deep.equal([1, 2, 1, 1]);
  });

  it('has fewer bins if deciles are equal', () => {
    const bins = toBins(numbers({ deciles: [0, 0, 0, 1, 1, 2, 3, 3, 3], max: 3 }), 'float64');
    expect(bins.expected.map((share) => share.toFixed(2))).to.deep.equal([
      '0.00',
      '0.20',
      '0.25',
      '0.15',
      '0.20',
      '0.20',
    ]);
    expect(binned(bins, [0, 0, 3, 2])).to.deep.equal([0, 1, 1, 0.5, 1, 0.5]);
  });

  it('has two bins for a column of one value', () => {
    const constant = numbers({ min: 7, max: 7, deciles: repeat(9, 7), mean: 7, std: 0 });
    expect(drift(constant, repeat(100, 7))).to.equal(0);
    expect(drift(constant, repeat(100, 6))).to.be.greaterThan(1);
    expect(drift(constant, repeat(100, 8))).to.be.greaterThan(1);
  });

  it('gives each category its share, and one bin to all others', () => {
    const bins = toBins(cities([0.5, 0.3]), 'string');
    expect(bins.expected.map((share) => share.toFixed(2))).to.deep.equal(['0.00', '0.50', '0.30', '0.20']);
    expect(bins.unseen).to.equal(3);
    expect(toBins(numbers(), 'float64').unseen).to.equal(undefined);
  });

  it('rounds categories and deciles as a float32 tensor does', () => {
    const categories = { values: [0.1, 0.3], frequencies: [0.5, 0.5], unknown: 'accepted' } as const;
    const feature = { ...numbers({}, 'float32'), categories } as unknown as Feature;
    expect(binned(toBins(feature, 'float32'), [Math.fround(0.1), Math.fround(0.3)])).to.deep.equal([0, 1, 1, 0]);
    const bins = toBins(numbers({ max: 0.7, deciles: repeat(9, 0.1) }, 'float32'), 'float32');
    expect(bins.max).to.equal(Math.fround(0.7));
    expect(binned(bins, [Math.fround(0.1)])).to.deep.equal([0, 0.5, 0.5]);
  });
});

describe('stabilityIndex', () => {
  it('is Σ (a − e) · ln(a / e)', () => {
    const cells = [...repeat(80, 'c0'), ...repeat(20, 'c1')];
    const expected = (0.8 - 0.5) * Math.log(0.8 / 0.5) + (0.2 - 0.5) * Math.log(0.2 / 0.5);
    expect(drift(cities([0.5, 0.5]), cells, 'string')).to.be.closeTo(expected, 1e-12);
  });

  it('is 0 for the distribution of the training data, and without rows', () => {
    expect(drift(numbers(), even)).to.be.closeTo(0, 1e-12);
    expect(drift(numbers(), [])).to.equal(0);
  });

  it('counts empty bins as half a row, so that it is finite', () => {
    const cells = repeat(100, 'x');
    const floor = 0.005;
    const gone = 2 * (floor - 0.5) * Math.log(floor / 0.5);
    expect(drift(cities([0.5, 0.5]), cells, 'string')).to.be.closeTo(gone + (1 - floor) * Math.log(1 / floor), 1e-12);
  });

  it('hardly changes if one row in a thousand is a new category or missing', () => {
    const cells = [...repeat(500, 'c0'), ...repeat(499, 'c1')];
    expect(drift(cities([0.5, 0.5]), [...cells, 'x'], 'string')).to.be.within(0, 0.001);
    expect(drift(cities([0.5, 0.5]), [...cells, ''], 'string')).to.be.within(0, 0.001);
  });

  it('exceeds 0.25 for a shift by one standard deviation', () => {
    expect(
      drift(
        numbers(),
        even.map((value) => value + uniform.std),
      ),
    ).to.be.greaterThan(0.25);
  });

  it('is finite and not negative, whatever the baseline and the rows are', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const baseline = fc.record({
      min: number,
      max: number,
      mean: number,
      missing: fc.double({ min: 0, max: 1, noNaN: true }),
      deciles: fc.array(fc.oneof(number, fc.constantFrom(0, 1)), { minLength: 9, maxLength: 9 }),
    });
    const cell = fc.oneof(number, fc.constantFrom(0, 1, Number.NaN, 1e308, -0));
    fc.assert(
      fc.property(
        baseline,
        fc.array(cell),
        fc.constantFrom<DType>('float32', 'float64', 'int64'),
        (range, cells, dtype) => {
          const index = drift(numbers(range), cells, dtype);
          expect(Number.isFinite(index) && index >= 0, String(index)).to.equal(true);
        },
      ),
    );
  });

  for (const folder of [...packageNames().map((name) => `models/${name}`), 'test/fixtures/diabetes']) {
    it(`finds no drift in the golden rows of ${folder}, which have the distribution of the training data`, () => {
      const read = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
      const { features } = read('model.json') as Manifest;
      const { instances } = read('golden.json') as { instances: unknown[][] };
      for (const [index, feature] of features.entries()) {
        const none = feature.dtype === 'string' ? '' : Number.NaN;
        const cells = instances
          .map((row) => row[index] ?? none)
          .filter((value) => value !== 'another value')
          .map((value): Cell => (typeof value === 'boolean' ? Number(value) : (value as Cell)));
        expect(drift(feature, cells), feature.name).to.be.below(0.1);
      }
    });
  }
});
