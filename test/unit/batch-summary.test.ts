import { expect } from 'chai';
import type { Summary } from '../../functions/batch/finish.ts';
import { describeSummary } from '../../local/batch/summary.ts';

const format = { kind: 'csv', gzip: false } as const;
const summary: Summary = {
  model: { name: 'iris', version: '1.0.0', sha256: '', manifestSha256: '' },
  source: { location: 'in.csv', size: 1, version: '1' },
  output: 'out.csv',
  inputFormat: format,
  outputFormat: format,
  kept: [],
  probabilities: true,
  maxFailed: null,
  rows: 3000,
  failed: 0,
  firstFailed: [],
  labels: { setosa: 2700, versicolor: 300 },
  parts: 1,
  errors: null,
};

describe('describeSummary', () => {
  it('counts the labels, with their shares', () => {
    expect(describeSummary(summary, 'out.csv', 1.5, 3000).split('\n')).to.deep.equal([
      'iris 1.0.0 scored 3,000 rows in 1.5 s (2,000 rows a second): out.csv',
      '  setosa      2,700   90.0 %',
      '  versicolor    300   10.0 %',
    ]);
  });

  it('computes the rate from the rows that this run has scored', () => {
    expect(describeSummary(summary, '-', 1.5, 300)).to.include('in 1.5 s (200 rows a second): standard output');
    expect(describeSummary(summary, '-', 13, 3)).to.include('in 13 s (0.2 rows a second)');
  });

  it('lists the first failed rows, and says where the reasons are', () => {
    const failed = { ...summary, labels: {}, failed: 12, firstFailed: [1, 2500], errors: 'out.csv.errors.jsonl' };
    expect(describeSummary(failed, 'out.csv', 1, 1)).to.include(
      '12 rows failed (rows 1, 2,500, …): the reasons are in out.csv.errors.jsonl',
    );
    expect(describeSummary(failed, '-', 1, 1)).to.include(': the column error has the reason of each');
  });

  it('writes invisible names and names with line breaks as JSON', () => {
    const labels = { '': 1, ' ': 2, 'a\nb': 3, '\u001b[31mred': 4 };
    expect(
      describeSummary({ ...summary, rows: 10, labels }, 'out.csv', 1, 1)
        .split('\n')
        .slice(1),
    ).to.deep.equal([
      '  ""               1   10.0 %',
      '  " "              2   20.0 %',
      '  "a\\nb"           3   30.0 %',
      '  "\\u001b[31mred"  4   40.0 %',
    ]);
  });

  it('lists at most 20 labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 30 }, (_, label) => [`label ${label}`, 100]));
    const lines = describeSummary({ ...summary, labels }, 'out.csv', 1, 1).split('\n');
    expect(lines).to.have.lengthOf(22);
    expect(lines.at(-1)).to.equal('  and 10 more');
  });
});
