import { expect } from 'chai';
import fc from 'fast-check';
import { createExplainedSlices } from '../../functions/batch/slices/explained-slices.ts';
import {
  createPartEstimate,
  joinGrains,
  maxSlices,
  toGrainBytes,
  toSliceBytes,
} from '../../functions/batch/slices/slices.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { labelsManifest, regressorManifest } from '../helpers/manifest.ts';

const mebibyte = 1024 * 1024;
const csv = { outputFormat: { kind: 'csv', gzip: false }, probabilities: true, kept: [] } as const;
const iris = parseManifest(readManifest());

/** Slices of these sizes in bytes. Each row has 10 bytes. */
function cut(sizes: readonly number[]) {
  let [start, row] = [100, 0];
  return sizes.map((size, part) => {
    const slice = { part, start, end: start + size, row, rows: size / 10 };
    start += size;
    row += size / 10;
    return slice;
  });
}

const bytes = (most: number) => ({ bytes: most, rows: Number.POSITIVE_INFINITY });

describe('joinGrains', () => {
  it('joins neighbouring grains into slices, in order and without gaps', () => {
    const sizes = fc.array(
      fc.integer({ min: 1, max: 60 }).map((tens) => tens * 10),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(sizes, (some) => {
        const grains = cut(some);
        const slices = joinGrains(grains, bytes(500), () => 0);
        expect(slices.map(({ part }) => part)).to.deep.equal(slices.map((_, index) => index));
        expect(slices[0]?.start).to.equal(grains[0]?.start);
        for (const [index, slice] of slices.entries()) {
          const next = slices[index + 1];
          if (next) expect([next.start, next.row]).to.deep.equal([slice.end, slice.row + slice.rows]);
          expect(slice.end - slice.start).to.be.at.most(600);
        }
        expect(slices.at(-1)?.end).to.equal(grains.at(-1)?.end);
      }),
    );
  });

  it('makes a slice smaller if its part would be too large', () => {
    const slices = joinGrains(cut(Array(8).fill(1000)), bytes(8000), ({ rows }) => rows * 0.3 * mebibyte);
    expect(slices.map(({ rows }) => rows)).to.deep.equal([200, 200, 200, 200]);
  });

  it('refuses too many slices, and says what to do', () => {
    const grains = cut(Array(maxSlices + 1).fill(10));
    expect(joinGrains(grains.slice(1), bytes(10), () => 0)).to.have.lengthOf(maxSlices);
    expect(() => joinGrains(grains, bytes(10), () => 0))
      .to.throw('the output would have 2001: divide the input, keep fewer columns, or leave probabilities out')
      .with.property('name', 'InputTooLarge');
  });
});

describe('toSliceBytes', () => {
  it('is the requested size or 16 MiB, and more if there would be too many slices', () => {
    expect(toSliceBytes(1)).to.equal(16 * mebibyte);
    expect(toSliceBytes(1, 1000)).to.equal(1000);
    for (const size of [2 ** 35, 2 ** 38, 2 ** 41]) {
      const sliceBytes = toSliceBytes(size);
      // A slice ends with a whole grain, so it can be smaller than `sliceBytes` by up to one grain.
      expect(size / (sliceBytes - toGrainBytes(sliceBytes, csv, iris))).to.be.below(maxSlices);
    }
  });
});

describe('toGrainBytes', () => {
  it('is a fraction of a slice, and less if a short row has a long answer', () => {
    expect(toGrainBytes(16 * mebibyte, csv, iris)).to.equal(mebibyte);
    const classes = Array.from({ length: 3000 }, (_, position) => `c${position}`);
    const manifest = { ...iris, classes } as typeof iris;
    const grain = toGrainBytes(16 * mebibyte, csv, manifest);
    const slice = { part: 0, start: 0, end: grain, row: 0, rows: grain / '1,2,3,4\n'.length };
    expect(createPartEstimate(csv, manifest)(slice)).to.be.within(32 * mebibyte, 65 * mebibyte);
    expect(toGrainBytes(16 * mebibyte, { ...csv, probabilities: false }, manifest)).to.equal(mebibyte);
  });
});

describe('createPartEstimate', () => {
  const slice = { part: 0, start: 0, end: 1_000_000, row: 0, rows: 10_000 };

  it('counts the numbers, the names in JSON and the kept columns', () => {
    const plain = createPartEstimate(csv, iris)(slice);
    expect(plain).to.be.within(600_000, 1_000_000);
    expect(createPartEstimate({ ...csv, probabilities: false }, iris)(slice)).to.be.below(plain / 2);
    expect(createPartEstimate({ ...csv, kept: ['id'] }, iris)(slice)).to.equal(plain + 1_000_000);
    const json = createPartEstimate({ ...csv, outputFormat: { kind: 'jsonl', gzip: false } }, iris)(slice);
    expect(json).to.be.within(plain + 10_000 * 27, 2_000_000);
    expect(createPartEstimate({ ...csv, explain: true }, iris)(slice)).to.equal(plain + 10_000 * 5 * 21);
    const reasons = { ...csv, explain: true, outputFormat: { kind: 'jsonl', gzip: false } } as const;
    expect(createPartEstimate(reasons, iris)(slice)).to.be.within(json + 10_000 * 5 * 81, 10_000_000);
    expect(createPartEstimate(csv, regressorManifest())(slice)).to.be.below(300_000);
  });
});

describe('createExplainedSlices', () => {
  const format = { kind: 'csv', gzip: false } as const;
  const request = {
    input: 'in',
    output: 'out',
    inputFormat: format,
    outputFormat: format,
    keep: [],
    probabilities: true,
  };
  const rowsOf = (manifest: Manifest) => createExplainedSlices(request, manifest, true).toMostRows([]);
  const explained = { ...iris.explanations, budget: 20_000, rows: 100 } as NonNullable<Manifest['explanations']>;

  it('gives a slice as many rows as can be explained in its time', () => {
    // A row of iris takes 1,501 rows of the model, and the budget is 20,000.
    expect(rowsOf({ ...iris, explanations: explained })).to.equal(Math.floor((500 * 20_000) / 1501));
    // A row takes exactly the budget.
    expect(rowsOf({ ...iris, explanations: { ...explained, budget: 1501 } })).to.equal(500);
    // At least two pairs of permutations are made, even if they take more rows than the budget.
    expect(rowsOf({ ...iris, explanations: { ...explained, budget: 10 } })).to.be.below(5);
  });

  it('makes a grain from a fraction of these rows, or from each row group of Parquet', () => {
    const { grainBytes } = createExplainedSlices(request, { ...iris, explanations: explained }, true);
    expect(grainBytes).to.equal(Math.ceil((6662 * '1,2,3,4\n'.length) / 16));
    const parquet = { ...request, inputFormat: { kind: 'parquet', gzip: false } } as const;
    expect(createExplainedSlices(parquet, iris, true).grainBytes).to.equal(1);
  });

  it('makes larger slices of a large table if a slice has no time limit', () => {
    const cutOf = (rows: number) => [{ part: 0, start: 0, end: 1, row: 0, rows }];
    expect(createExplainedSlices(request, iris, false).toMostRows(cutOf(1000))).to.equal(6662);
    expect(createExplainedSlices(request, iris, false).toMostRows(cutOf(6662 * 3600))).to.equal(2 * 6662);
  });

  const tooLarge: [string, Partial<typeof request> | object, number, string][] = [
    [
      'a gzipped table',
      { inputFormat: { kind: 'csv', gzip: true } },
      -1,
      'expected no gzip, which cannot be divided into slices: decompress it',
    ],
    [
      'a row group',
      { inputFormat: { kind: 'parquet', gzip: false } },
      6663,
      'row groups of at most 6662 rows, got one of 6663',
    ],
    ['a table', {}, 1800 * 6662 + 1, 'expected at most 11991600 rows, got 11991601: divide the input'],
  ];
  for (const [what, changes, rows, message] of tooLarge) {
    it(`refuses ${what} that cannot be explained in time`, () => {
      const slices = createExplainedSlices({ ...request, ...changes }, iris, true);
      const grains = [{ part: 0, start: 0, end: 1, row: 0, rows }];
      expect(() => slices.toMostRows(grains))
        .to.throw(message)
        .with.property('name', 'InputTooLarge');
    });
  }

  it('refuses a model without explanations with the message of the API', () => {
    const { explanations: _, ...without } = iris;
    expect(() => createExplainedSlices(request, without as Manifest, false))
      .to.throw(
        'The model cannot be explained: the package of iris has no background to explain against; export the model again, and see its summary',
      )
      .with.property('name', 'InvalidJob');
    expect(() => createExplainedSlices(request, labelsManifest(['a', 'b']), false)).to.throw('it answers only labels');
  });

  it('joins grains up to a number of rows', () => {
    const slices = joinGrains(cut(Array(8).fill(1000)), { bytes: 8000, rows: 250 }, () => 0);
    expect(slices.map(({ rows }) => rows)).to.deep.equal([200, 200, 200, 200]);
  });
});
