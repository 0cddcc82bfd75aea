import { expect } from 'chai';
import { inChunks, rowsPerRun } from '../../functions/predict/model/chunks.ts';
import type { Tensor, Tensors } from '../../functions/predict/model/tensor.ts';

const fill = <T>(rows: number, value: (row: number) => T) => Array.from({ length: rows }, (_, row) => value(row));

/** Columns and a matrix that hold the number of their row. */
const feedsOf = (rows: number): Tensors => ({
  X: {
    dtype: 'float64',
    dims: [rows, 2],
    data: Float64Array.from(fill(rows, (row) => [row, -row]).flat()),
  },
  s: { dtype: 'string', dims: [rows, 1], data: fill(rows, String) },
});

/** Answers every type of output from what it is fed, and keeps the rows and the feeds of each run. */
function createModel() {
  const runs: Tensors[] = [];
  const run = async (feeds: Tensors): Promise<Tensors> => {
    runs.push(feeds);
    const { X, s } = feeds as { X: Tensor; s: Tensor };
    const numbers = Array.from(X.data as Float64Array);
    const first = numbers.filter((_, index) => index % 2 === 0);
    const rows = first.length;
    return {
      label: { dtype: 'string', dims: [rows], data: (s.data as string[]).map((text) => `label ${text}`) },
      index: { dtype: 'int64', dims: [rows], data: BigInt64Array.from(first, BigInt) },
      probabilities: { dtype: 'float64', dims: [rows, 2], data: Float64Array.from(numbers) },
      value: { dtype: 'float32', dims: [rows, 1], data: Float32Array.from(first) },
    };
  };
  return { run, runs };
}

describe('inChunks', () => {
  for (const rows of [rowsPerRun + 1, 2 * rowsPerRun, 5000]) {
    it(`answers ${rows} rows as one run would, a few at a time`, async () => {
      const { run, runs } = createModel();
      const answered = await inChunks(run)(feedsOf(rows));
      const sizes = runs.map(({ X, s }) => [X?.dims, s?.dims, s?.data.length]);
      for (const [matrix, strings, length] of sizes) {
        expect(strings).to.deep.equal([length, 1]);
        expect(matrix).to.deep.equal([length, 2]);
        expect(length).to.be.at.most(rowsPerRun);
      }
      expect(runs).to.have.length(Math.ceil(rows / rowsPerRun));
      expect(answered).to.deep.equal(await run(feedsOf(rows)));
    });
  }

  for (const rows of [1, rowsPerRun]) {
    it(`passes on ${rows === 1 ? 'a row' : 'as many rows as a run takes'} as it came`, async () => {
      const { run, runs } = createModel();
      const feeds = feedsOf(rows);
      await inChunks(run)(feeds);
      expect(runs).to.have.length(1);
      expect(runs[0]).to.equal(feeds);
    });
  }

  it('fails where one of the runs fails', async () => {
    const { run } = createModel();
    const failing = inChunks(async (feeds) => {
      if (feeds.X?.dims[0] !== rowsPerRun) throw new Error('out of memory');
      return run(feeds);
    });
    const error = await failing(feedsOf(3000)).catch((thrown: Error) => thrown);
    expect(error).to.be.an.instanceOf(Error).with.property('message', 'out of memory');
  });
});
