import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { parseOptions } from '../../local/batch/options.ts';

describe('parseOptions', () => {
  it('needs only an input and an output, and has defaults for all options', () => {
    expect(parseOptions(['in.csv', 'out.jsonl.gz'])).to.deep.equal({
      input: 'in.csv',
      output: 'out.jsonl.gz',
      inputFormat: { kind: 'csv', gzip: false },
      outputFormat: { kind: 'jsonl', gzip: true },
      model: undefined,
      keep: [],
      probabilities: true,
      explain: false,
      jobs: availableParallelism(),
      resume: false,
      sliceBytes: undefined,
    });
  });

  it('parses every option', () => {
    const values =
      '--model churn --keep id,region --probabilities no --explain --max-failed 1% --jobs 3 --resume a.ndjson b.parquet';
    expect(parseOptions(values.split(' '))).to.deep.include({
      model: 'churn',
      keep: ['id', 'region'],
      probabilities: false,
      explain: true,
      maxFailed: { percent: 1 },
      jobs: 3,
      resume: true,
      inputFormat: { kind: 'jsonl', gzip: false },
      outputFormat: { kind: 'parquet', gzip: false },
    });
    expect(parseOptions(['--keep', 'all', '--max-failed', '100', 'a.csv', 'b.csv'])).to.deep.include({
      keep: 'all',
      maxFailed: { rows: 100 },
    });
    expect(parseOptions(['--help'])).to.equal(undefined);
  });

  const csv = { kind: 'csv', gzip: false };
  const jsonl = { kind: 'jsonl', gzip: false };
  const formats: [string, object, object][] = [
    ['--format csv - -', csv, csv],
    ['--format jsonl in.csv -', csv, jsonl],
    ['--format csv,jsonl in.txt out.csv', csv, jsonl],
    ['--format csv.gz - out.CSV', { kind: 'csv', gzip: true }, csv],
  ];
  for (const [values, inputFormat, outputFormat] of formats) {
    it(`finds the formats of ${values}`, () => {
      expect(parseOptions(values.split(' '))).to.deep.include({ inputFormat, outputFormat });
    });
  }

  const refusals: [string, RegExp][] = [
    ['in.csv', /Expected an input and an output, got 1 name/],
    ['a.csv b.csv c.csv', /got 3 names. Put -- before the options, or npm takes them for its own/],
    ['- out.csv', /A standard stream does not say its format: add --format/],
    ['in.txt out.csv', /"in\.txt" does not say its format/],
    ['--format xml in.txt out.csv', /--format takes csv, jsonl, parquet, csv\.gz or jsonl\.gz, but is "xml"/],
    ['--format csv,csv,csv a b', /--format takes one format, or two/],
    ['--probabilities maybe a.csv b.csv', /--probabilities must be yes or no/],
    ['--explain=yes a.csv b.csv', /--explain' does not take an argument/],
    ['--max-failed 101% a.csv b.csv', /--max-failed must be a number of rows, or a percentage/],
    ['--max-failed -1 a.csv b.csv', /--max-failed/],
    ['--jobs 0 a.csv b.csv', /--jobs must be a whole number above 0/],
    ['--keep id, a.csv b.csv', /--keep must name columns/],
    ['--resume --format csv - out.csv', /--resume needs files/],
    ['--wrong a.csv b.csv', /^Unknown option '--wrong'; --help lists the options$/],
  ];
  for (const [values, message] of refusals) {
    it(`refuses ${values}`, () => {
      expect(() => parseOptions(values.split(' ')))
        .to.throw(message)
        .with.property('name', 'InvalidJob');
    });
  }
});
