import { expect } from 'chai';
import type { Run } from '../../functions/batch/formats/format.ts';
import { divideRun } from '../../functions/batch/slices/runs.ts';
import { appendText, type ByteBuffer, createByteBuffer, take } from '../../functions/core/byte-buffer.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';

const iris = parseManifest(readManifest());

/** A run whose kept values are the row numbers. The rows in `bad` have problems, so the feeds leave them out. */
function runOf(rows: number, bad: readonly number[]): Run {
  const isBad = new Set(bad);
  const fed = Array.from({ length: rows }, (_, row) => row).filter((row) => !isBad.has(row));
  const kept = {
    name: 'id',
    text: String,
    value: (row: number) => row,
    json: (row: number) => `${row}.0`,
    copyField: (row: number, target: ByteBuffer) => appendText(target, `"${row}"`),
  };
  return {
    rows,
    feeds: { X: { dtype: 'float64', dims: [fed.length, 1], data: Float64Array.from(fed) } },
    problems: new Map(bad.map((row) => [row, [{ pointer: `/${row}`, detail: 'bad' }]])),
    kept: [kept],
  };
}

describe('divideRun', () => {
  it('divides a hundred thousand rows with problems in time', () => {
    const bad = Array.from({ length: 100_000 }, (_, row) => row);
    const pieces = [...divideRun(runOf(100_000, bad), iris, { probabilities: true, explain: true })];
    expect(pieces).to.have.length(6250);
    expect(pieces.every(({ rows, problems }) => rows === 16 && problems.size === 16)).to.equal(true);
    expect([...(pieces.at(-1)?.problems ?? [])].at(-1)).to.deep.equal([15, [{ pointer: '/99999', detail: 'bad' }]]);
  });

  it('does not divide a run without explanations', () => {
    const run = runOf(40, [3]);
    expect([...divideRun(run, iris, { probabilities: true })]).to.deep.equal([run]);
  });

  it('divides a run with explanations into pieces with their own rows, problems and kept values', () => {
    const pieces = [...divideRun(runOf(40, [3, 16, 39]), iris, { probabilities: true, explain: true })];
    expect(pieces.map(({ rows }) => rows)).to.deep.equal([16, 16, 8]);
    expect(pieces.map(({ problems }) => [...problems.keys()])).to.deep.equal([[3], [0], [7]]);
    const fed = pieces.map(({ feeds }) => Array.from(feeds.X?.data as Float64Array));
    expect(fed.map((rows) => [rows.length, rows[0], rows.at(-1)])).to.deep.equal([
      [15, 0, 15],
      [15, 17, 31],
      [7, 32, 38],
    ]);
    const [id] = pieces[1]?.kept ?? [];
    expect([id?.text(2), id?.value(2), id?.json?.(2)]).to.deep.equal(['18', 18, '18.0']);
    const field = createByteBuffer();
    id?.copyField?.(2, field);
    expect(Buffer.from(take(field)).toString()).to.equal('"18"');
  });
});
