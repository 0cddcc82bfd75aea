import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { decodeHybrid } from '../../functions/batch/formats/parquet/hybrid.ts';
import { packSnappy } from '../../functions/batch/formats/parquet/snappy.ts';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { regressorManifest } from '../helpers/manifest.ts';
import { createMemoryStore } from '../helpers/memory-store.ts';
import { toScoredRun, toTextColumn, toWriting, writeTable } from '../helpers/parquet-output.ts';
import { predictionsOf } from '../helpers/predictions.ts';
import { makeWrittenTable, writtenTable } from '../helpers/written-table.ts';

const iris = parseManifest(JSON.parse(readFileSync('models/iris/model.json', 'utf8')));
const regressor = regressorManifest();
const classes = ['setosa', 'versicolor', 'virginica'];

/** Reads the rows with another library. */
function readRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: new Uint8Array(bytes).buffer });
}

function regressionOf(values: readonly number[], kept: Parameters<typeof toScoredRun>[0]['kept'] = []) {
  return toScoredRun({ rows: values.length, predictions: predictionsOf(regressor, { value: values }), kept });
}

describe('writing Parquet', () => {
  it('writes the same bytes as the fixture that the Python tests read with pandas', async () => {
    const bytes = await makeWrittenTable();
    expect(Buffer.compare(bytes, readFileSync(writtenTable))).to.equal(0);
  });

  it('puts kept columns first, and leaves predictions of failed rows empty', async () => {
    const problems = new Map([
      [0, [{ pointer: '/a~1b', detail: 'expected a number, got a string' }]],
      [
        2,
        [
          { pointer: '/x', detail: 'one' },
          { pointer: '', detail: 'two' },
        ],
      ],
    ]);
    const predictions = predictionsOf(iris, { label: [1], probabilities: [0.25, 0.5, 0.25] });
    const kept = [toTextColumn('id', ['é', undefined, ''])];
    const run = toScoredRun({ rows: 3, problems, predictions, kept });
    const rows = await readRows(await writeTable([[run]], toWriting(iris, ['id'])));
    const none = { label: null, setosa: null, versicolor: null, virginica: null };
    const answer = { label: 'versicolor', setosa: 0.25, versicolor: 0.5, virginica: 0.25 };
    expect(rows).to.deep.equal([
      { id: 'é', ...none, error: 'a/b: expected a number, got a string' },
      { id: null, ...answer, error: null },
      { id: '', ...none, error: 'x: one; two' },
    ]);
    expect(Object.keys(rows[0] ?? {})).to.deep.equal(['id', 'label', ...classes, 'error']);
  });

  it('writes only labels if the job leaves out probabilities', async () => {
    const predictions = predictionsOf(iris, { label: [2, 0] }, [1, 1]);
    const run = toScoredRun({ rows: 2, predictions });
    const rows = await readRows(await writeTable([[run]], toWriting(iris, [], { probabilities: false })));
    expect(rows.map(({ label }) => label)).to.deep.equal(['virginica', 'setosa']);
    expect(Object.keys(rows[0] ?? {})).to.deep.equal(['label', 'error']);
  });

  const labels = [
    { classes: [3, -1, 2 ** 40], type: 'INT64', expected: [3n, -1n, 2n ** 40n] },
    { classes: [0.5, 1, 2], type: 'DOUBLE', expected: [0.5, 1, 2] },
    { classes: [false, true], type: 'BOOLEAN', expected: [false, true] },
  ];
  for (const { classes: some, type, expected } of labels) {
    it(`writes labels as ${type} if the classes have that type`, async () => {
      const manifest = { ...iris, classes: some } as typeof iris;
      const predictions = predictionsOf(manifest, { label: some.keys() }, new Float64Array(some.length));
      const writing = toWriting(manifest, [], { probabilities: false });
      const bytes = await writeTable([[toScoredRun({ rows: some.length, predictions })]], writing);
      expect((await readRows(bytes)).map(({ label }) => label)).to.deep.equal(expected);
      expect(parquetMetadata(bytes).schema[1]).to.include({ name: 'label', type });
    });
  }

  it('joins parts in order, even if a part has no rows', async () => {
    const texts = Array.from({ length: 10 }, (_, row) => `id ${row}`);
    const parts = [[0, 1, 2], [], [3], [4, 5, 6, 7, 8, 9]].map((rows) => {
      const column = toTextColumn(
        'id',
        rows.map((row) => texts[row]),
      );
      return rows.length > 0 ? [regressionOf(rows, [column])] : [];
    });
    const bytes = await writeTable(parts, toWriting(regressor, ['id']));
    const rows = await readRows(bytes);
    expect(rows.map(({ id }) => id)).to.deep.equal(texts);
    expect(rows.map(({ value }) => value)).to.deep.equal([...texts.keys()]);
  });

  it('refers to the bytes of parts by location and range', async () => {
    const { store } = createMemoryStore(new Map());
    const writing = toWriting(regressor);
    const part = parquet.createPart(writing);
    const bytes = Buffer.concat([part.write(regressionOf([1, 2])), part.end()]);
    await store.put('part-0', bytes);
    const report = { part: 0, rows: 2, failed: 0, bytes: bytes.length, errorBytes: 0, labels: {}, firstFailed: [] };
    const pieces = await parquet.assemble([{ location: 'part-0', report }], writing, store);
    expect(pieces[1]).to.include({ location: 'part-0', start: 4 });
  });

  it('writes a part that is a complete table, even without rows', async () => {
    const part = parquet.createPart(toWriting(regressor, ['id']));
    const bytes = part.end();
    expect(await readRows(bytes)).to.deep.equal([]);
    expect(parquetMetadata(bytes).schema.map(({ name }) => name)).to.deep.equal(['schema', 'id', 'value', 'error']);
  });

  it('writes a table without parts, with the column types of the input', async () => {
    const objects = new Map<string, Uint8Array>([['in', readFileSync('test/fixtures/parquet/kinds.parquet')]]);
    const { store } = createMemoryStore(objects);
    const job = { inputFormat: { kind: 'parquet', gzip: false }, source: await store.stat('in') } as const;
    const writing = toWriting(regressor, ['moment_us', 'int64'], job);
    const bytes = Buffer.concat((await parquet.assemble([], writing, store)) as Uint8Array[]);
    const [, moment, integer] = parquetMetadata(bytes).schema;
    expect(moment?.logical_type).to.include({ type: 'TIMESTAMP', unit: 'MICROS', isAdjustedToUTC: true });
    expect(integer).to.include({ name: 'int64', type: 'INT64' });
  });

  it('passes on bytes one row group at a time', async () => {
    const part = parquet.createPart(toWriting(regressor));
    const run = regressionOf(Array.from({ length: 70_000 }, (_, row) => row));
    const sizes = [run, run, run].map((next) => part.write(next).length);
    expect(sizes.map((size) => size > 0)).to.deep.equal([false, true, false]);
  });

  it('ends a row group early if rows are large', async () => {
    const part = parquet.createPart(toWriting(regressor, ['text']));
    const texts = Array.from({ length: 4096 }, (_, row) => `${row}`.padEnd(3000, 'x'));
    const run = regressionOf(texts.map(Number.parseFloat), [toTextColumn('text', texts)]);
    const sizes = [run, run, run, run].map((next) => part.write(next).length);
    expect(sizes.findIndex((size) => size > 0)).to.equal(2);
  });

  it('writes any texts, whether they are repeated or not', async () => {
    const text = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b', 'ü')), { nil: undefined });
    const runs = fc.array(fc.array(text, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(runs, async (lists) => {
        const scored = lists.map((texts) =>
          regressionOf(
            texts.map(() => 1),
            [toTextColumn('text', texts)],
          ),
        );
        const rows = await readRows(await writeTable([scored], toWriting(regressor, ['text'])));
        const expected = lists.flat().map((value) => (value === undefined ? null : Buffer.from(value).toString()));
        expect(rows.map(({ text: read }) => read)).to.deep.equal(expected);
      }),
    );
  });
});

describe('packSnappy', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .array(fc.constantFrom('abcd', 'abcde', 'xyz', 'a'.repeat(70)), { maxLength: 100 })
      .map((words) => Buffer.from(words.join(''))),
    // Some are longer than a block of Snappy (64 KiB), with repetitions at short and long distances.
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 1, max: 60 }))
      .map(([piece, times]) => {
        return Buffer.concat(Array.from({ length: times }, () => piece));
      }),
  );

  it('compresses so that another library can decompress', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const output = new Uint8Array(input.length);
        snappyUncompress(packSnappy(input), output);
        expect(Buffer.compare(output, input)).to.equal(0);
      }),
      { numRuns: 300 },
    );
  });

  it('compresses repetitions well', () => {
    expect(packSnappy(Buffer.alloc(100_000, 'abcdefgh')).length).to.be.below(6000);
  });
});

describe('decodeHybrid', () => {
  it('reads runs and bit-packed numbers', () => {
    // The example of the format's description: 0 to 7 in three bits each, after a run of four 5s.
    const bytes = Uint8Array.of(4 << 1, 5, (1 << 1) | 1, 0b10001000, 0b11000110, 0b11111010);
    expect([...decodeHybrid(bytes, 3, 12)]).to.deep.equal([5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('refuses data that is cut off, and writes no more numbers than asked for', () => {
    expect(() => decodeHybrid(Uint8Array.of((1 << 1) | 1, 0b10001000), 3, 8)).to.throw('broken off');
    expect(() => decodeHybrid(Uint8Array.of(0xff, 0xff), 3, 8)).to.throw('broken off');
    expect(decodeHybrid(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 1, 3)).to.deep.equal(Int32Array.of(1, 1, 1));
  });
});
