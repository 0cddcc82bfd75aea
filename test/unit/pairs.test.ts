import { expect } from 'chai';
import fc from 'fast-check';
import { inPairs } from '../../functions/core/model/pairs.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';

/** Tensors of every kind, whose rows hold their own number. */
const feedsOf = (rows: number): Tensors => {
  const numbers = Array.from({ length: rows }, (_, row) => row);
  const pairs = numbers.flatMap((row) => [row, -row]);
  return {
    X: { dtype: 'float64', dims: [rows, 2], data: Float64Array.from(pairs) },
    f: { dtype: 'float32', dims: [rows], data: Float32Array.from(numbers) },
    i: { dtype: 'int64', dims: [rows, 1], data: BigInt64Array.from(numbers, BigInt) },
    b: { dtype: 'bool', dims: [rows, 1], data: Uint8Array.from(numbers, (row) => row % 2) },
    s: { dtype: 'string', dims: [rows, 2], data: pairs.map(String) },
  };
};

describe('inPairs', () => {
  it('runs an odd number of rows with the last one twice, and answers it once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), async (half) => {
        const rows = 2 * half + 1;
        const runs: Tensors[] = [];
        const run = async (feeds: Tensors) => {
          runs.push(feeds);
          return feeds;
        };
        expect(await inPairs(run)(feedsOf(rows))).to.deep.equal(feedsOf(rows));
        const [{ X, s }] = runs as [Tensors];
        const last = [rows - 1, -(rows - 1)];
        expect(X?.dims).to.deep.equal([rows + 1, 2]);
        expect([...(X?.data ?? [])].slice(-4)).to.deep.equal([...last, ...last]);
        expect(s?.data).to.have.length(2 * rows + 2);
      }),
    );
  });

  it('passes on an even number of rows, and none, as they came', async () => {
    for (const rows of [0, 2, 8]) {
      const feeds = feedsOf(rows);
      expect(await inPairs(async (fed) => fed)(feeds)).to.equal(feeds);
    }
  });
});
