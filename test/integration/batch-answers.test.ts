import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { finishJob } from '../../functions/batch/finish.ts';
import type { JobRequest } from '../../functions/batch/job/job.ts';
import type { ScoringWorld } from '../../functions/batch/world.ts';
import { loadModel } from '../../functions/core/model/load.ts';
import { score, toWorld, withFolder, writeInput } from '../helpers/batch.ts';
import { readGolden } from '../helpers/files.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';

const directory = 'test/fixtures/answers';

/**
 * For each package: a table's columns, the columns that remain if the job leaves out probabilities, scores and
 * distances, and the names under which labels are counted.
 */
const packages = {
  scores: [['label', 'blue', 'green', 'red'], ['label'], ['blue', 'green', 'red']],
  score: [['label', 'true'], ['label'], ['false', 'true']],
  labels: [['label'], ['label'], ['0', '1', '2']],
  values: [['height', 'weight'], ['height', 'weight'], []],
  targets: [
    [
      'colour, of it',
      'size',
      ...['=1+1', 'blue', 'red'].map((name) => `colour, of it:${name}`),
      'size:large',
      'size:small',
    ],
    ['colour, of it', 'size'],
    [...['=1+1', 'blue', 'red'].map((name) => `colour, of it:${name}`), 'size:large', 'size:small'],
  ],
  outliers: [['label', 'score'], ['label'], ['inlier', 'outlier']],
  clusters: [['label', '0', '1', '2'], ['label'], ['0', '1', '2']],
  mixture: [['label', '0', '1'], ['label'], ['0', '1']],
} as const;

/** All values in an answer, in order, without the keys that lead to them. */
function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

/**
 * Makes a value comparable between CSV and Parquet: Parquet has integers as bigint, and only CSV puts an apostrophe
 * before a text that a spreadsheet would run as a formula.
 */
function toComparable(value: unknown): unknown {
  if (value === '=1+1') return "'=1+1";
  return typeof value === 'boolean' ? String(value) : Number(value) || String(value);
}

function expectNear(row: readonly unknown[], expected: readonly unknown[]): void {
  for (const [at, value] of expected.entries()) {
    if (typeof value === 'number') expect(Number(row[at])).to.be.closeTo(value, 1e-6);
    else expect(row[at]).to.equal(value);
  }
}

for (const [name, [columns, alone, counted]] of Object.entries(packages)) {
  describe(`a table of a model of the kind ${name}`, () => {
    let world: ScoringWorld;
    const { instances, predictions } = readGolden(name, directory);
    const lines = instances.map((row) => `${JSON.stringify(row)}\n`).join('');

    before(async () => {
      world = toWorld(await loadModel(directory, name));
    });

    /** Runs a job on an invalid row and the golden rows, and returns its output and its summary. */
    const run = (changes: Partial<JobRequest>) =>
      withFolder(async (folder) => {
        const request = writeInput(folder, `["wide",1]\n${lines}`, changes);
        const work = join(folder, 'work');
        mkdirSync(work);
        const { job, slices } = await score(request, work, world, 1000);
        const summary = await finishJob(job, slices.length, world);
        return { output: readFileSync(request.output), summary };
      });
    const to = (kind: 'csv' | 'jsonl' | 'parquet') => ({ outputFormat: { kind, gzip: false } });

    it("has the model's answers as JSON Lines, and the counts of its labels in the summary", async () => {
      const { output, summary } = await run(to('jsonl'));
      const [first, ...others] = output
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(first).to.deep.equal({ error: '0: expected a number, got a string' });
      expectSamePredictions(others, predictions, 1e-9 * Math.max(1, world.manifest.parity?.scale ?? 1));
      expect(Object.keys(summary.labels)).to.deep.equal(counted);
      const targets = name === 'targets' ? 2 : Math.min(1, counted.length);
      const sum = Object.values(summary.labels).reduce((total, rows) => total + rows, 0);
      expect(sum).to.equal(targets * instances.length);
    });

    it('has a column for each value as CSV, and the same columns as Parquet', async () => {
      const [header, first, ...records] = parse((await run(to('csv'))).output) as string[][];
      expect(header).to.deep.equal([...columns, 'error']);
      expect(first).to.deep.equal([...columns.map(() => ''), '0: expected a number, got a string']);
      const rows = await parquetReadObjects({ file: new Uint8Array((await run(to('parquet'))).output).buffer });
      // The order is not compared: JavaScript puts those keys of an object first that are whole numbers.
      expect(Object.keys(rows[0] ?? {})).to.have.members([...columns, 'error']);
      const values = rows.slice(1).map((row) => columns.map((column) => row[column]));
      expect(records.map((record) => record.slice(0, -1).map(toComparable))).to.deep.equal(
        values.map((row) => row.map(toComparable)),
      );
      values.forEach((row, index) => {
        expectNear(row, leavesOf(predictions[index]));
      });
    });

    it('leaves out probabilities, scores and distances if the job does not ask for them', async () => {
      const { output, summary } = await run({ ...to('csv'), probabilities: false });
      const [header, ...records] = parse(output) as string[][];
      expect(header).to.deep.equal([...alone, 'error']);
      expect(records).to.have.length(instances.length + 1);
      expect(Object.keys(summary.labels)).to.deep.equal(counted);
    });
  });
}
