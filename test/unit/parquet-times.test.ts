import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { problemWithZone, toTimes } from '../../functions/batch/formats/parquet/times.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { joinSlices } from '../../functions/core/model/row-slices.ts';
import { readGolden } from '../helpers/files.ts';
import { cutTable, readTable } from '../helpers/parquet-table.ts';

const manifest = parseManifest(JSON.parse(readFileSync('test/fixtures/times/model.json', 'utf8')));
/** The rows that test/fixtures/times_tables.py writes into tables. */
const rows = readGolden('times', 'test/fixtures').instances.slice(0, 24);

function readFixture(name: string): Uint8Array {
  return readFileSync(`test/fixtures/parquet/times-${name}.parquet`);
}

function feedsOf(some: readonly (readonly unknown[])[]) {
  return toFeeds(
    fromRows(some, () => ''),
    manifest,
    defaultLimits,
  );
}

describe('times of Parquet', () => {
  for (const name of ['pandas', 'polars', 'texts', 'ms', 'us', 'ns', 'mended']) {
    it(`are read from times-${name}.parquet as the API reads them`, async () => {
      const runs = await readTable(readFixture(name), { manifest });
      expect(runs.flatMap(({ problems }) => [...problems])).to.deep.equal([]);
      expect(joinSlices(runs.map(({ feeds }) => feeds))).to.deep.equal(feedsOf(rows));
    });
  }

  it('are read as midnights if the column has dates', async () => {
    const [run] = await readTable(readFixture('dates'), { manifest });
    const days = rows.map(([placed, ...others]) => [placed === null ? null : String(placed).slice(0, 10), ...others]);
    expect(run?.problems.size).to.equal(0);
    expect(run?.feeds).to.deep.equal(feedsOf(days));
  });

  it('that no client could send are reported for each row', async () => {
    const [run] = await readTable(readFixture('beyond'), { manifest });
    const found = [...(run?.problems ?? [])].map(([row, problems]) => [
      row,
      ...problems.map(({ pointer, detail }) => `${pointer}: ${detail}`),
    ]);
    const beyond = 'expected a time from 1685-01-01 to 2254-12-31';
    expect(found).to.deep.equal([
      [0, '/placed: expected microseconds, got a finer fraction of a second'],
      [1, `/placed: ${beyond}`],
      [2, `/placed: ${beyond}`],
      [3, `/sent: ${beyond}`],
      [4, '/sent: expected a time in ISO 8601, such as 2024-05-01T12:30:00Z, got null'],
    ]);
  });

  const refusals = {
    turned: [
      '"placed": expected local times, got a column of times in UTC: write the local times, in pandas those of .dt.tz_convert(zone).dt.tz_localize(None)',
      '"sent": expected times in UTC, got a column of local times: write it in UTC, in pandas as pd.to_datetime(column, utc=True)',
    ],
    int96: ['placed', 'sent'].map((name) => {
      const expected = name === 'placed' ? 'local times' : 'times in UTC';
      const got = 'got a column of 96-bit timestamps, which have no time zone';
      const advice = 'write it with 64 bits, in Spark by spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS';
      return `"${name}": expected ${expected}, ${got}: ${advice}`;
    }),
  };
  for (const [name, problems] of Object.entries(refusals)) {
    it(`in another zone, or without a known one, are refused: ${name}`, async () => {
      const refusal = await cutTable(readFixture(name), { manifest }).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(JobError);
      expect((refusal as Error).message).to.equal(`The columns do not fit the model: ${problems.join('; ')}`);
    });
  }

  it('are taken as times in UTC if an older file does not state the zone', () => {
    const element = { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } as const;
    expect(problemWithZone('at', element, 'UTC')).to.equal(undefined);
    expect(problemWithZone('at', element, null)).to.include('got a column of times in UTC');
  });

  it('are refused as times in UTC if the column has dates', () => {
    const element = { name: 'at', type: 'INT32', converted_type: 'DATE' } as const;
    expect(problemWithZone('at', element, null)).to.equal(undefined);
    expect(problemWithZone('at', element, 'UTC')).to.include('expected times in UTC, got a column of dates');
  });

  it('in nanoseconds are converted exactly, or to NaN if they are not whole microseconds', () => {
    const convert = toTimes({
      name: 'at',
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' },
    });
    const end = 8_993_721_600_000_000_000n;
    const nanoseconds = fc.oneof(
      fc.bigInt({ min: -end, max: end }),
      fc.bigInt({ min: -end / 1000n, max: end / 1000n }).map((microseconds) => microseconds * 1000n),
    );
    fc.assert(
      fc.property(fc.array(nanoseconds), (stored) => {
        const expected = stored.map((one) => (one % 1000n === 0n ? Number(one / 1000n) : Number.NaN));
        expect(Array.from(convert(BigInt64Array.from(stored)))).to.deep.equal(expected);
      }),
    );
  });

  it('may be missing if the feature may be', async () => {
    const texts = { ...manifest, features: manifest.features.map((feature) => ({ ...feature, nullable: true })) };
    const [run] = await readTable(readFixture('beyond'), { manifest: texts as typeof manifest });
    expect(run?.problems.has(4)).to.equal(false);
    expect(run?.feeds.sent?.data).to.deep.equal(Float64Array.of(Number.NaN));
  });
});
