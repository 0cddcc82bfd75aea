import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { tableFigures } from '../../bench/figures/tables.ts';
import type { ScoredTable } from '../../bench/measure/tables.ts';
import { toJobCosts } from '../../bench/prices/job-cost.ts';
import prices from '../../bench/prices/prices.json' with { type: 'json' };
import { writeMarked } from '../../bench/report/marks.ts';
import { toTable } from '../../bench/report/table.ts';
import { runOnOneCore } from '../../bench/tables/measured.ts';
import { tableKinds, writeTable } from '../../bench/tables/rows.ts';

const scored = (rows: number, ours: number, theirs: number, model = 'logistic'): ScoredTable => ({
  ...{ model, format: 'csv', rows, input: rows / 40_000, output: rows / 10_000 },
  runs: { sepal: [{ seconds: ours, megabytes: 250 }], pandas: [{ seconds: theirs, megabytes: 1000 }] },
});

describe('the tables of the benchmark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-bench-'));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'table.csv');

  for (const kind of tableKinds) {
    it(`are the same in each run, and have an id in each row: ${kind}`, async () => {
      await writeTable(path, kind, 10_001);
      const first = readFileSync(path, 'utf8');
      await writeTable(path, kind, 10_001);
      expect(readFileSync(path, 'utf8')).to.equal(first);
      const [header = '', ...rows] = first.trimEnd().split('\n');
      expect(rows.map((row) => Number(row.split(',')[0]))).to.deep.equal(rows.map((_, index) => index + 1));
      expect(rows).to.have.length(10_001);
      for (const row of rows) expect(row.split(',')).to.have.length(header.split(',').length);
    });
  }

  it('count the memory of every process of a command', async () => {
    const node = (code: string) => [process.execPath, '--eval', code];
    const hold = 'Buffer.alloc(200e6, 1); setTimeout(() => {}, 500)';
    const start = `require('child_process').execFileSync(process.execPath, ['--eval', ${JSON.stringify(hold)}])`;
    const [alone, two] = [
      await runOnOneCore(node('setTimeout(() => {}, 500)'), {}),
      await runOnOneCore(node(start), {}),
    ];
    expect(two.megabytes - alone.megabytes).to.be.greaterThan(200);
  });

  it('report how a command failed', async () => {
    const failed = await runOnOneCore(['sh', '-c', 'echo no such column >&2; exit 2'], {}).catch(
      ({ message }) => message,
    );
    expect(failed).to.contain('ended with 2: no such column');
  });
});

describe('the figures of tables', () => {
  const figures = tableFigures([scored(1e6, 2, 5), scored(1e7, 20, 50)]);
  const find = (what: string) => figures.find((figure) => figure.id.startsWith(what))?.ratio.median;

  it('are those of the largest tables', () => {
    expect(find('10,000,000 rows, CSV, logistic')).to.be.closeTo(2.5, 1e-9);
    expect(find('1,000,000 rows')).to.equal(undefined);
  });

  it('compare memory with its limit, and time with linear growth', () => {
    expect(find('peak memory, 10,000,000 rows, CSV / its limit of 500 MB')).to.be.closeTo(0.5, 1e-9);
    expect(find('exponent of time in rows')).to.be.closeTo(1, 1e-9);
  });

  it('of a single round are shown without quartiles and halves', () => {
    const [header, , first] = toTable(figures).split('\n');
    expect(header).to.equal('| | Sepal | compared with | | ratio | target |');
    expect(first).to.match(/\| \*\*2\.50\*\* \| ≥ 2: met \|$/);
  });
});

describe('the price of a job', () => {
  const [million, , hundred] = toJobCosts([scored(1e7, 20, 50)]);

  it('is the sum of Lambda, Step Functions and S3', () => {
    // 2.5 GB are read twice and 10 GB are written. Scoring takes 200 s, and 2 + 5 environments start in 1 s each.
    const seconds = (2500 * 2 + 10_000) / prices.job.s3MegabytesPerSecond + 200 + 7;
    const lambda = seconds * (1769 / 1024) * 0.0000166667 + 151e-6 * 0.2;
    expect(hundred).to.include({ rows: 1e8, slices: 149 });
    expect(hundred?.lambda).to.be.closeTo(lambda, lambda / 1e6);
    expect(hundred?.stepFunctions).to.be.closeTo((3 + 2 * 149) * 0.025e-3, 1e-9);
    expect(hundred?.total).to.be.closeTo(lambda + (3 + 2 * 149) * 0.025e-3 + 453 * 5.4e-6, 1e-6);
  });

  it('comes with a time that is estimated from the number of slices that run at once', () => {
    expect(million?.slices).to.equal(2);
    expect((million?.minutes ?? 0) * 60).to.be.closeTo(25 / 80 + (2 + 125 / 80) / 2 + 3, 1e-9);
  });

  it('is compared with a batch transform that is as fast as pandas', () => {
    const seconds = 500 / prices.transform.processors;
    expect(hundred?.transform.minutes).to.be.closeTo(prices.transform.startMinutes + seconds / 60, 1e-9);
    expect(hundred?.transform.dollars).to.be.closeTo((seconds / 3600) * prices.transform.dollarsPerHour, 1e-9);
  });
});

describe('writeMarked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-marks-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'page.md');

  it('replaces only the text between the marks', async () => {
    writeFileSync(file, 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\nkept\n<!-- /y -->\n');
    await writeMarked(file, 'x', '$& new');
    expect(readFileSync(file, 'utf8')).to.equal(
      'a\n<!-- x -->\n$& new\n<!-- /x -->\nb\n<!-- y -->\nkept\n<!-- /y -->\n',
    );
  });

  it('refuses a document without the marks', async () => {
    const thrown = await writeMarked(file, 'z', '').catch(({ message }) => message);
    expect(thrown).to.contain('has no marks for z');
  });
});
