import { expect } from 'chai';
import fc from 'fast-check';
import { createPartEstimate, joinGrains, maxSlices, toGrainBytes, toSliceBytes } from '../../functions/batch/slices.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { regressorManifest } from '../helpers/manifest.ts';

const mebibyte = 1024 * 1024;
const csv = { outputFormat: { kind: 'csv', gzip: false }, probabilities: true, kept: [] } as const;
const iris = parseManifest(readManifest());

/** Slices of these numbers of bytes, of a row each 10 bytes. */
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
  it('joins neighbours to whole slices, in order and without a gap', () => {
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

  it('makes a slice smaller where its part would be too large', () => {
    const slices = joinGrains(cut(Array(8).fill(1000)), bytes(8000), ({ rows }) => rows * 0.3 * mebibyte);
    expect(slices.map(({ rows }) => rows)).to.deep.equal([200, 200, 200, 200]);
  });

  it('refuses more slices than there may be, and says what to do', () => {
    const grains = cut(Array(maxSlices + 1).fill(10));
    expect(joinGrains(grains.slice(1), bytes(10), () => 0)).to.have.lengthOf(maxSlices);
    expect(() => joinGrains(grains, bytes(10), () => 0))
      .to.throw('the output would have 2001: divide the input, keep fewer columns, or leave probabilities out')
      .with.property('name', 'InputTooLarge');
  });
});

describe('toSliceBytes', () => {
  it('is 16 MiB, and more where there would be too many', () => {
    expect(toSliceBytes(1)).to.equal(16 * mebibyte);
    expect(toSliceBytes(1, 1000)).to.equal(1000);
    for (const size of [2 ** 35, 2 ** 38, 2 ** 41]) {
      const sliceBytes = toSliceBytes(size);
      // Each slice is less than a grain smaller than it may be.
      expect(size / (sliceBytes - toGrainBytes(sliceBytes, csv, iris))).to.be.below(maxSlices);
    }
  });
});

describe('toGrainBytes', () => {
  it('is a fraction of a slice, and less where a short row has a long answer', () => {
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

  it('counts the numbers, the names in JSON, and what is kept', () => {
    const plain = createPartEstimate(csv, iris)(slice);
    expect(plain).to.be.within(600_000, 1_000_000);
    expect(createPartEstimate({ ...csv, probabilities: false }, iris)(slice)).to.be.below(plain / 2);
    expect(createPartEstimate({ ...csv, kept: ['id'] }, iris)(slice)).to.equal(plain + 1_000_000);
    const json = createPartEstimate({ ...csv, outputFormat: { kind: 'jsonl', gzip: false } }, iris)(slice);
    expect(json).to.be.within(plain + 10_000 * 27, 2_000_000);
    expect(createPartEstimate(csv, regressorManifest())(slice)).to.be.below(300_000);
  });
});
