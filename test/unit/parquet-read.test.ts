import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import { type DataError, RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { joinSlices } from '../../functions/core/model/row-slices.ts';
import { toPointerStep } from '../../functions/core/pointer.ts';
import { manifestOf, mixedManifest } from '../helpers/manifest.ts';
import { collect } from '../helpers/memory-store.ts';
import { cutTable, keptOf, readTable, toInput } from '../helpers/parquet-table.ts';

type Row = Readonly<Record<string, unknown>>;

const folder = 'test/fixtures/parquet';
const churn = parseManifest(JSON.parse(readFileSync('models/churn/model.json', 'utf8')));
const iris = parseManifest(JSON.parse(readFileSync('models/iris/model.json', 'utf8')));
const customers: readonly Row[] = JSON.parse(readFileSync(`${folder}/customers.json`, 'utf8'));

function readFixture(name: string): Uint8Array {
  return readFileSync(`${folder}/${name}.parquet`);
}

/** The model inputs that the API makes of rows. */
function feedsOf(rows: readonly Row[], manifest: Manifest) {
  const named = rows.map((row) => Object.fromEntries(manifest.features.map(({ name }) => [name, row[name]])));
  return toFeeds(
    fromRows(named, () => ''),
    manifest,
    defaultLimits,
  );
}

describe('reading Parquet', () => {
  const names = [
    ...['pandas', 'pandas-gzip', 'pandas-zstd', 'pandas-brotli', 'pandas-lz4', 'pandas-unpacked', 'polars'],
    ...['duckdb-v1', 'duckdb-v2', 'pages-v2', 'small-pages', 'encodings', 'nested', 'int96'],
  ];
  for (const name of names) {
    it(`reads ${name}.parquet as the API reads its rows`, async () => {
      const runs = await readTable(readFixture(name), { manifest: churn, keep: ['id'] });
      expect(runs.flatMap(({ problems }) => [...problems])).to.deep.equal([]);
      expect(joinSlices(runs.map(({ feeds }) => feeds))).to.deep.equal(feedsOf(customers, churn));
      expect(keptOf(runs, 'id', (column, row) => column.text(row))).to.deep.equal(customers.map(({ id }) => id));
    });
  }

  it('reads decimals, unsigned integers and half floats as numbers, and a column of nulls as missing', async () => {
    const runs = await readTable(readFixture('numbers'), { manifest: churn });
    const rows = customers.map((row) => ({ ...row, payment: null }));
    expect(joinSlices(runs.map(({ feeds }) => feeds))).to.deep.equal(feedsOf(rows, churn));
  });

  it('reads integers and booleans that pandas has stored as float64, float32 numbers and categories', async () => {
    const runs = await readTable(readFixture('pandas-types'), { manifest: churn });
    const rows = customers.map(({ monthly_charge: charge, ...row }) => {
      return { ...row, monthly_charge: charge === null ? null : Math.fround(charge as number) };
    });
    expect(joinSlices(runs.map(({ feeds }) => feeds))).to.deep.equal(feedsOf(rows, churn));
  });

  it('passes on kept values of each type as text and as value', async () => {
    const runs = await readTable(readFixture('kinds'), { manifest: iris, keep: 'all' });
    const texts = (name: string) => keptOf(runs, name, (column, row) => column.text(row));
    const expected: Readonly<Record<string, readonly (string | undefined)[]>> = {
      int8: ['-1', undefined, '127'],
      uint32: ['4294967295', undefined, '0'],
      int64: ['9007199254740993', undefined, '-7'],
      uint64: ['18446744073709551615', undefined, '7'],
      float16: ['0.5', undefined, '-2'],
      float32: ['0.1', undefined, '1e+30'],
      float64: ['0.1', undefined, '1e+300'],
      flag: ['true', undefined, 'false'],
      text: ['é,"\n', undefined, ''],
      date: ['1969-12-31', undefined, '2024-02-29'],
      time_ms: ['08:30:00', undefined, '23:59:59.001'],
      time_ns: ['00:00:00.000000001', undefined, '23:59:59.999999999'],
      moment_ms: ['1969-12-31T23:59:59.25', undefined, '2024-05-01T08:30:00'],
      moment_us: ['1969-12-31T23:59:59.25Z', undefined, '2024-05-01T08:30:00Z'],
      moment_ns: ['1969-12-31T23:59:59.999999999Z', undefined, '2024-05-01T08:30:00.000000001Z'],
      decimal32: ['-0.05', undefined, '12.30'],
      decimal128: [`1${'0'.repeat(30)}.0`, undefined, '-0.5'],
      uuid: ['00010203-0405-0607-0809-0a0b0c0d0e0f', undefined, '00000000-0000-0000-0000-000000000000'],
      required: ['1', '2', '3'],
    };
    for (const [name, values] of Object.entries(expected)) expect(texts(name), name).to.deep.equal(values);
    const values = (name: string) => keptOf(runs, name, (column, row) => column.value(row));
    expect(values('float32')).to.deep.equal([0.1, undefined, 1e30]);
    expect(values('int64')).to.deep.equal(['9007199254740993', undefined, -7]);
    expect(values('flag')).to.deep.equal([true, undefined, false]);
  });

  it('cuts between row groups, and joins row groups up to the requested size', async () => {
    const bytes = readFixture('pandas-zstd');
    const cut = await cutTable(bytes, { manifest: churn, keep: ['id'] });
    expect(cut.slices.map(({ part, row, rows }) => ({ part, row, rows }))).to.deep.equal([
      { part: 0, row: 0, rows: 25 },
      { part: 1, row: 25, rows: 25 },
      { part: 2, row: 50, rows: 10 },
    ]);
    expect(cut.kept).to.deep.equal(['id']);
    const whole = await cutTable(bytes, { manifest: churn, sliceBytes: bytes.length });
    expect(whole.slices.map(({ rows }) => rows)).to.deep.equal([60]);
    const [first, last] = [cut.slices[0], cut.slices.at(-1)];
    expect(whole.slices[0]).to.include({ start: first?.start, end: last?.end });
  });

  it('reads no rows to cut a table, and no columns that are not needed', async () => {
    const rows = 50_000;
    const numbers = Float64Array.from({ length: rows }, (_, row) => Math.sin(row));
    const columns = [...iris.features.map(({ name }) => name), 'other'].map((name) => ({ name, data: numbers }));
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize: rows }));
    const input = await toInput(bytes);
    const reading = { manifest: iris, limits: defaultLimits, keep: [] };
    const { slices } = await parquet.cut(input, reading, 1);
    expect(input.counts.bytesRead).to.be.below(300_000);
    const before = input.counts.bytesRead;
    const runs = await collect(parquet.read(input, slices[0] as (typeof slices)[0], 0, reading));
    expect(runs.reduce((total, run) => total + run.rows, 0)).to.equal(rows);
    expect(Math.max(...runs.map((run) => run.rows))).to.be.at.most(8192);
    const share = (input.counts.bytesRead - before) / bytes.length;
    expect(share).to.be.within(0.75, 0.85);
  });

  it('reads runs of 1,048,576 values at most', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `f${index}`);
    const wide = manifestOf(
      names.map((name) => ({ name, dtype: 'float64' })),
      'float64',
    );
    // The writer makes row groups of 1,000 rows.
    const data = Array(1500).fill(0.5);
    const columnData = names.map((name) => ({ name, data, type: 'DOUBLE' as const }));
    const runs = await readTable(new Uint8Array(parquetWriteBuffer({ columnData })), { manifest: wide });
    expect(runs.map(({ rows }) => rows)).to.deep.equal([524, 476, 500]);
  });

  it('reads a table without rows', async () => {
    const columnData = iris.features.map(({ name }) => ({ name, data: [], type: 'DOUBLE' as const }));
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
    expect((await cutTable(bytes, { manifest: iris })).slices).to.deep.equal([]);
  });
});

describe('rows of Parquet that do not fit', () => {
  const manifest = mixedManifest();
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(null, 2 ** 53, 1e300, 0, 1));
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(null, 'Graz', 'graz ', 'a', '', '\0', '\uFFFD'),
  );
  const rowOf = fc.record({
    age: number,
    income: number,
    member: fc.option(fc.boolean()),
    city: text,
    note: text,
  });
  const types = { age: 'DOUBLE', income: 'DOUBLE', member: 'BOOLEAN', city: 'STRING', note: 'STRING' } as const;

  /** The problems that the API reports for a single row. */
  function problemsWith(row: Row): readonly DataError[] {
    try {
      toFeeds(
        fromRows([row], (_, key) => toPointerStep(key)),
        manifest,
        defaultLimits,
      );
      return [];
    } catch (error) {
      if (error instanceof RequestError) return error.errors;
      throw error;
    }
  }

  function toTable(rows: readonly Row[]): Uint8Array {
    const columnData = Object.entries(types).map(([name, type]) => {
      return { name, type, data: rows.map((row) => row[name]), nullable: true };
    });
    return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 7, pageSize: 40 }));
  }

  it("are refused with the API's errors, and are left out of the feeds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 30 }), async (rows) => {
        const runs = await readTable(toTable(rows), { manifest, sliceBytes: 1e9 });
        const found = runs.flatMap((run) => Array.from({ length: run.rows }, (_, row) => run.problems.get(row) ?? []));
        const expected = rows.map(problemsWith);
        expect(found).to.deep.equal(expected);
        const fitting = rows.filter((_, row) => expected[row]?.length === 0);
        expect(joinSlices(runs.map(({ feeds }) => feeds))).to.deep.equal(feedsOf(fitting, manifest));
      }),
      { numRuns: 200 },
    );
  });

  it("are refused with the API's error if an integer is beyond 2^53", async () => {
    const rows = [
      { age: 2n ** 53n, income: 1, member: true, city: 'Graz', note: 'a' },
      { age: -5n, income: 1, member: true, city: 'Graz', note: 'a' },
    ];
    const columnData = Object.entries({ ...types, age: 'INT64' as const }).map(([name, type]) => {
      return { name, type, data: rows.map((row) => (row as Row)[name]), nullable: true };
    });
    const [run] = await readTable(new Uint8Array(parquetWriteBuffer({ columnData })), { manifest });
    expect([...(run?.problems ?? [])]).to.deep.equal([
      [0, [{ pointer: '/age', detail: 'expected an integer between -(2^53 - 1) and 2^53 - 1' }]],
    ]);
    expect(run?.feeds.age?.data).to.deep.equal(Float64Array.of(-5));
  });
});
