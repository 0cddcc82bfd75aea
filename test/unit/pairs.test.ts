import { expect } from 'chai';
import fc from 'fast-check';
import { inPairs } from '../../functions/core/model/pairs.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';

/** Tensors of every type. The values of a row are computed from its number. */
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

/** The feeds that the model gets for this number of rows. Expects an answer for each of these rows, and no other. */
async function feed(rows: number): Promise<Tensors> {
  let fed: Tensors = {};
  const answered = await inPairs(async (feeds) => {
    fed = feeds;
    return feeds;
  })(feedsOf(rows));
  expect(answered, `the answers to ${rows} rows`).to.deep.equal(feedsOf(rows));
  return fed;
}

describe('inPairs', () => {
  it('repeats the last row until the number of rows is a multiple of 8, or a multiple of 8 plus 2', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), async (rows) => {
        const { X, s } = await feed(rows);
        const [count = 0] = X?.dims ?? [];
        expect(count % 8).to.be.oneOf([0, 2]);
        expect(count - rows).to.be.within(0, 5);
        const repeated = [...(X?.data ?? [])].slice(2 * (rows - 1));
        expect(repeated).to.deep.equal(
          Array(count - rows + 1)
            .fill([rows - 1, -(rows - 1)])
            .flat(),
        );
        expect(s?.data).to.have.length(2 * count);
      }),
    );
  });

  it('runs one row as two', async () => {
    expect((await feed(1)).X?.dims).to.deep.equal([2, 2]);
  });

  it('passes on feeds unchanged if no row has to be repeated, or if they have no rows', async () => {
    for (const rows of [0, 2, 8, 10, 16]) {
      const feeds = feedsOf(rows);
      expect(await inPairs(async (fed) => fed)(feeds)).to.equal(feeds);
    }
  });
});
