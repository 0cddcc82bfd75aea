import { expect } from 'chai';
import { parseS3Request } from '../../functions/batch/job/request.ts';

const input = 's3://tables/customers.csv';
const output = 's3://tables/night/predictions.csv';

describe('parseS3Request', () => {
  it('reads the members of a request, and has defaults for the rest', () => {
    const csv = { kind: 'csv', gzip: false };
    const usual = { input, output, inputFormat: csv, outputFormat: csv, keep: [], probabilities: true };
    expect(parseS3Request({ input, output })).to.deep.equal({ request: usual });
    const all = { keep: ['id'], probabilities: false, maxFailed: '1%', concurrency: 20 };
    expect(parseS3Request({ input, output, ...all })).to.deep.equal({
      request: { ...usual, keep: ['id'], probabilities: false, maxFailed: { percent: 1 } },
      concurrency: 20,
    });
    expect(parseS3Request({ input, output, explain: true }).request).to.deep.equal({ ...usual, explain: true });
    expect(parseS3Request({ input, output, explain: false }).request).to.deep.equal(usual);
    expect(parseS3Request({ input, output, keep: 'all', maxFailed: 0 }).request).to.deep.include({
      keep: 'all',
      maxFailed: { rows: 0 },
    });
  });

  it('derives formats from the extensions of names, or else from the member `format`', () => {
    const formatsOf = (from: string, to: string, format?: string) => {
      const { request } = parseS3Request({ input: from, output: to, ...(format && { format }) });
      return [request.inputFormat, request.outputFormat].map(({ kind, gzip }) => `${kind}${gzip ? '.gz' : ''}`).join();
    };
    expect(formatsOf('s3://tables/a.CSV.gz', 's3://tables/b.parquet')).to.equal('csv.gz,parquet');
    expect(formatsOf('s3://tables/a.jsonl', 's3://tables/b.ndjson.gz')).to.equal('jsonl,jsonl.gz');
    expect(formatsOf('s3://tables/a', 's3://tables/b.csv', 'jsonl.gz')).to.equal('jsonl.gz,csv');
  });

  const refused: [string, unknown, RegExp][] = [
    ['a request that is not an object', [input, output], /input of the execution to be an object, got an array of 2/],
    ['a request without an input', { output }, /^expected input to be s3:\/\/bucket\/key, got nothing$/],
    [
      'a path in the file system',
      { input: '/tmp/a.csv', output },
      /^input must be s3:\/\/bucket\/key, but is "\/tmp\/a.csv"$/,
    ],
    ['a bucket without a key', { input, output: 's3://tables' }, /^output must be s3/],
    ['an invalid bucket name', { input: 's3://T/a.csv', output }, /^input has an invalid bucket name/],
    ['a folder', { input: 's3://tables/a/', output }, /^input must be an object, but is a folder/],
    ['a key with ..', { input, output: 's3://tables/a/../b.csv' }, /^output must not have \. or \.\./],
    ['the same object as input and output', { input, output: input }, /^output must differ from input$/],
    ['an input whose format is not stated', { input: 's3://tables/a', output }, /^input must end in one of \.csv, /],
    [
      'an unknown member that resembles a known one',
      { input, output, probabilites: false },
      /"probabilites"; did you mean "probabilities"\?$/,
    ],
    ['an unknown member that resembles none', { input, output, zzz: 1 }, /"zzz": expected one of input, output, keep/],
    [
      'a string as keep',
      { input, output, keep: 'id' },
      /keep to be "all" or a list of names of columns, got a string$/,
    ],
    ['a number among the columns to keep', { input, output, keep: ['id', 1] }, /names of columns, got a number$/],
    [
      'a string as probabilities',
      { input, output, probabilities: 'no' },
      /^expected probabilities to be true or false, got a string$/,
    ],
    ['a string as explain', { input, output, explain: 'yes' }, /^expected explain to be true or false, got a string$/],
    ['more than 100 % as maxFailed', { input, output, maxFailed: '101%' }, /^maxFailed must be/],
    ['a negative number as maxFailed', { input, output, maxFailed: -1 }, /^maxFailed must be/],
    ['a concurrency of 0', { input, output, concurrency: 0 }, /^concurrency must be a whole number from 1 to 1000$/],
  ];
  for (const [what, given, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => parseS3Request(given))
        .to.throw(Error, message)
        .with.property('name', 'InvalidJob');
    });
  }
});
