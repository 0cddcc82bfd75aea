import { expect } from 'chai';
import { inChunks, maxRowsPerRun } from '../../functions/core/model/chunks.ts';
import type { Tensor, Tensors } from '../../functions/core/model/tensor.ts';

const fill = <T>(rows: number, value: (row: number) => T) => Array.from({ length: rows }, (_, row) => value(row));

/** Feeds with a matrix of numbers and a column of strings. Each value is its row's number, or minus that number. */
const feedsOf = (rows: number): Tensors => ({
  X: {
    dtype: 'float64',
    dims: [rows, 2],
    data: Float64Array.from(fill(rows, (row) => [row, -row]).flat()),
  },
  s: { dtype: 'string', dims: [rows, 1], data: fill(rows, String) },
});

/** A model that answers every type of output from its feeds, and records the feeds of each run. */
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

/** A model in chunks, with a fake clock that each run advances by `msOf(rows)` milliseconds. */
function createTimed(msOf: (rows: number) => number) {
  const { run, runs } = createModel();
  let now = 0;
  const timed = async (feeds: Tensors) => {
    now += msOf(feeds.X?.dims[0] ?? 0);
    return run(feeds);
  };
  return { run: inChunks(timed, () => now), sizes: () => runs.map(({ X }) => X?.dims[0] ?? 0) };
}

describe('inChunks', () => {
  for (const rows of [9, maxRowsPerRun + 1, 2 * maxRowsPerRun, 5000]) {
    it(`answers ${rows} rows in several runs as one run would`, async () => {
      const { run, runs } = createModel();
      const answered = await inChunks(run)(feedsOf(rows));
      for (const { X, s } of runs) {
        const length = s?.data.length ?? 0;
        expect(s?.dims).to.deep.equal([length, 1]);
        expect(X?.dims).to.deep.equal([length, 2]);
        expect(length).to.be.within(1, maxRowsPerRun);
      }
      expect(runs).to.have.length.above(1);
      expect(answered).to.deep.equal(await run(feedsOf(rows)));
    });
  }

  it('passes a few rows on unchanged', async () => {
    const { run, runs } = createModel();
    const feeds = feedsOf(8);
    await inChunks(run)(feeds);
    expect(runs).to.have.length(1);
    expect(runs[0]).to.equal(feeds);
  });

  it('gives a fast model more and more rows, and remembers how many', async () => {
    const { run, sizes } = createTimed(() => 1);
    await run(feedsOf(5000));
    expect(sizes()).to.deep.equal([8, 16, 32, 64, 128, 256, 512, 1024, 2048, 912]);
    await run(feedsOf(2048));
    expect(sizes().slice(10)).to.deep.equal([2048]);
  });

  it('gives a slow model few rows at once', async () => {
    const { run, sizes } = createTimed((rows) => rows / 4);
    await run(feedsOf(300));
    expect(sizes().slice(0, 5)).to.deep.equal([8, 16, 32, 32, 32]);
    const slow = createTimed((rows) => rows * 20);
    await slow.run(feedsOf(20));
    expect(slow.sizes()).to.deep.equal([8, 4, 2, 2, 2, 2]);
  });

  it('gives a run as many rows as the last one took in 5 to 50 ms', async () => {
    for (const ms of [5, 50]) {
      const { run, sizes } = createTimed(() => ms);
      await run(feedsOf(40));
      expect(sizes(), `${ms} ms a run`).to.deep.equal([8, 8, 8, 8, 8]);
    }
  });

  it('gives each run but the last an even number of rows', async () => {
    for (const ms of [3, 9, 13, 30, 70, 1000]) {
      const { run, sizes } = createTimed((rows) => rows * ms);
      await run(feedsOf(75));
      const odd = sizes().filter((rows) => rows % 2 === 1);
      expect(odd, `${ms} ms a row`).to.have.length(1);
      expect(sizes().at(-1)).to.equal(odd[0]);
    }
  });

  it('recovers from a run that was slow by chance', async () => {
    let isSlow = true;
    const { run, sizes } = createTimed(() => (isSlow ? 1000 : 1));
    await run(feedsOf(10));
    isSlow = false;
    await run(feedsOf(3000));
    expect(Math.max(...sizes())).to.be.above(1000);
  });

  it("keeps only the chosen part of each run's answers", async () => {
    const { run } = createModel();
    const keep = ({ index }: Tensors): Tensors => ({ index: index as Tensor });
    const { index } = await run(feedsOf(100));
    expect(await inChunks(run)(feedsOf(100), { keep })).to.deep.equal({ index });
    const one = await inChunks(run)(feedsOf(1), { keep });
    expect(Object.keys(one)).to.deep.equal(['index']);
  });

  it('refuses early if the remaining time is too short, and says how many rows fit into it', async () => {
    const refused = createTimed((rows) => rows * 10);
    const error = await refused.run(feedsOf(5000), { msLeft: 20_000 }).catch((thrown: Error) => thrown);
    expect(error).to.have.property('name', 'PayloadTooLarge');
    expect(error).to.have.property(
      'message',
      'Expected at most 1600 rows, which this model answers in the 20 seconds that are left, got 5000',
    );
    expect(refused.sizes().reduce((total, rows) => total + rows)).to.be.below(150);
    const answered = await createTimed((rows) => rows * 10).run(feedsOf(1600), { msLeft: 20_000 });
    expect(answered.index?.dims).to.deep.equal([1600]);
  });

  it('keeps a tenth of the remaining time for writing the answer', async () => {
    const timed = () => createTimed((rows) => rows * 10);
    expect((await timed().run(feedsOf(1800), { msLeft: 20_000 })).index?.dims).to.deep.equal([1800]);
    const error = await timed()
      .run(feedsOf(1801), { msLeft: 20_000 })
      .catch((thrown: Error) => thrown);
    expect(error)
      .to.have.property('message')
      .that.matches(/^Expected at most 1600 rows, .*, got 1801$/);
  });

  it('refuses only after a second, because the first runs may be slow by chance', async () => {
    const { run, sizes } = createTimed((rows) => rows * 20);
    const error = await run(feedsOf(1000), { msLeft: 10_000 }).catch((thrown: Error) => thrown);
    expect(error).to.have.property('name', 'PayloadTooLarge');
    expect(sizes().reduce((total, rows) => total + rows)).to.equal(1000 / 20);
  });

  it('answers if all rows are done, even if the last run took longer than the time that was left', async () => {
    const { run } = createTimed((rows) => (rows === 1 ? 5000 : 1));
    expect((await run(feedsOf(9), { msLeft: 1000 })).index?.dims).to.deep.equal([9]);
  });

  it('does not count the time before the request', async () => {
    const { run } = createTimed((rows) => rows * 10);
    await run(feedsOf(5000));
    expect((await run(feedsOf(1600), { msLeft: 20_000 })).index?.dims).to.deep.equal([1600]);
  });

  it('fails if one of the runs fails', async () => {
    const { run } = createModel();
    const failing = inChunks(async (feeds) => {
      if (feeds.X?.dims[0] !== 8) throw new Error('out of memory');
      return run(feeds);
    });
    const error = await failing(feedsOf(3000)).catch((thrown: Error) => thrown);
    expect(error).to.be.an.instanceOf(Error).with.property('message', 'out of memory');
  });
});
