import { expect } from 'chai';
import fc from 'fast-check';
import { csv } from '../../functions/batch/formats/csv.ts';
import type { Input, Run, Writing } from '../../functions/batch/formats/format.ts';
import type { Report, Slice } from '../../functions/batch/job/job.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { type DataError, RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import { csv as protocol } from '../../functions/predict/protocols/csv.ts';
import { parseByOther, writeField } from '../helpers/csv-oracle.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';
import { memoryInput } from '../helpers/memory-input.ts';
import { predictionsOf } from '../helpers/predictions.ts';
import { runs } from '../helpers/runs.ts';

const manifest = manifestOf([
  { name: 'x', dtype: 'float64' },
  { name: 'i', dtype: 'int64', nullable: true },
  { name: 's', dtype: 'string', nullable: true, categories: ['a', 'b'], unknown: 'rejected' },
]);
const readingOf = (keep: readonly string[] | 'all') => ({ manifest, limits: defaultLimits, keep });

async function readAll(input: Input, slices: readonly Slice[], headerBytes: number, keep: readonly string[]) {
  const all: { slice: Slice; runs: Run[] }[] = [];
  for (const slice of slices) {
    const read: Run[] = [];
    for await (const run of csv.read(input, slice, headerBytes, { ...readingOf([]), keep })) read.push(run);
    all.push({ slice, runs: read });
  }
  return all;
}

/** For each row in order: its kept values, and its problems or its model inputs. */
function toRows(run: Run, kept: readonly string[]) {
  let fed = 0;
  return Array.from({ length: run.rows }, (_, row) => {
    const problems = run.problems.get(row);
    const values = problems ? [] : Object.values(run.feeds).map(({ data }) => data[fed]);
    if (!problems) fed += 1;
    expect(run.kept.map(({ name }) => name)).to.deep.equal(kept);
    return { problems: problems ?? [], values, kept: run.kept.map((column) => column.text(row)) };
  });
}

/** Checks that each slice continues where the one before ended, and knows its number of rows. */
function checkSlices(parts: readonly { slice: Slice; runs: readonly Run[] }[]): void {
  let row = 0;
  for (const { slice, runs } of parts) {
    expect(slice.row).to.equal(row);
    expect(slice.rows).to.equal(runs.reduce((sum, run) => sum + run.rows, 0));
    row += slice.rows;
  }
}

/** Checks that the second and the fourth field of a well-formed record are kept. */
function checkKept(kept: unknown, line: string): void {
  const came = parseByOther(line);
  if (!came) return;
  const [, id = '', , text = ''] = came[0] ?? [];
  expect(kept).to.deep.equal([id, text]);
}

/** The API's result for a single record: its model inputs or its problems. */
function askApi(header: string, record: string, model: Manifest) {
  const request = { headers: { 'content-type': 'text/csv; header=present' }, parameters: {}, query: 'ignore=*' };
  try {
    const { instances } = protocol.decode({ ...request, body: `${header}\n${record}` }, model, defaultLimits);
    expect(instances.count).to.equal(1);
    const feeds = toFeeds(instances, model, defaultLimits);
    return { problems: [], values: Object.values(feeds).map(({ data }) => data[0]) };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.name === 'MalformedBody') return { problems: 'malformed', values: [] };
    const problems = error.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/1/, ''), detail }));
    return { problems, values: [] };
  }
}

function withoutFlaws(problems: readonly DataError[]): unknown {
  return problems[0]?.detail.startsWith('expected a record of CSV, but ') ? 'malformed' : problems;
}

const cell = fc.oneof(
  fc
    .tuple(fc.constantFrom('1', '-2.5', '7', '', 'a', 'b', 'A', 'NA', 'x', 'é"', ',', 'l\nm', '\r'), fc.boolean())
    .map(([text, quotes]) => writeField(text, quotes)),
  fc.constantFrom('a"b', '"a"b', ' "a"', 'a""'),
);
/** A record of an integer or a missing value, any text, a number, and a category or a missing value. */
const goodRecord = fc.tuple(
  fc.constantFrom('1', '"2"', ' 3', '', 'NA'),
  cell,
  fc.constantFrom('0.5', '-1e3', '"7"', '+8.'),
  fc.constantFrom('a', '"b"', '', 'null'),
);
const lines = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: goodRecord },
      { weight: 8, arbitrary: fc.array(cell, { minLength: 4, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 6 }) },
    ),
    { maxLength: 12 },
  )
  .map((records) => records.map((cells) => cells.join()).filter((line) => line !== ''));

async function refusal(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof JobError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return 'none';
}

/** Writes a run, with a prediction for each row that has no problems. */
function writeRun(run: Run, kept: readonly string[], probabilities = true): string {
  const good = run.rows - run.problems.size;
  const shares = Array.from({ length: 3 * good }, (_, index) => [0.25, 0.5, 1e-7][index % 3] as number);
  const label = new Int32Array(good);
  const predictions = predictionsOf(manifest, probabilities ? { label, probabilities: shares } : { label });
  let next = -1;
  const answers = Int32Array.from({ length: run.rows }, (_, row) => {
    if (run.problems.has(row)) return -1;
    next += 1;
    return next;
  });
  const writer = csv.createPart({ manifest, job: { probabilities }, kept } as unknown as Writing);
  return Buffer.from(writer.write({ ...run, predictions, table: predictions, answers })).toString();
}

const { store } = memoryInput('');

const cutOf = (content: string | Uint8Array, keep: readonly string[] | 'all' = []) =>
  csv.cut(memoryInput(content), readingOf(keep), 100);

describe('CSV in batch', () => {
  it('gives the same rows and problems as the API, wherever the input is cut', async () => {
    const end = fc.constantFrom('\n', '\r\n', '\r', '\n\n');
    const options = fc.record({
      end,
      mark: fc.constantFrom('', '\uFEFF'),
      last: fc.boolean(),
      block: fc.integer({ min: 1, max: 40 }),
      slice: fc.integer({ min: 1, max: 60 }),
    });
    const header = 'i,id,"x",s';
    await fc.assert(
      fc.asyncProperty(lines, options, async (lines, { end, mark, last, block, slice }) => {
        const text = `${mark}${header}${end}${lines.map((line) => line + end).join('')}`;
        const input = memoryInput(last ? text : text.slice(0, -end.length), block);
        const { headerBytes, slices, kept } = await csv.cut(input, readingOf(['id', 's']), slice);
        const read = await readAll(input, slices, headerBytes, kept);

        const rows = read.flatMap((part) => part.runs.flatMap((run) => toRows(run, ['id', 's'])));
        expect(rows.map(({ values, problems }) => ({ values, problems: withoutFlaws(problems) }))).to.deep.equal(
          lines.map((line) => askApi(header, line, manifest)),
        );
        checkSlices(read);
        for (const [index, line] of lines.entries()) checkKept(rows[index]?.kept, line);
      }),
      runs(400),
    );
  });

  it('copies kept fields unchanged if they are well-formed, and always writes valid CSV', async () => {
    const record = fc.array(cell, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.tuple(cell, cell, cell, cell), record), async (cells) => {
        const line = cells.join();
        fc.pre(line !== '');
        const input = memoryInput(`i,id,x,s\n${line}`);
        const { headerBytes, slices, kept } = await csv.cut(input, readingOf('all'), 1e6);
        const [part] = await readAll(input, slices, headerBytes, kept);
        const run = part?.runs[0] as Run;
        const isGood = run.problems.size === 0;
        const written = writeRun(run, kept);
        const expected = isGood ? ',setosa,0.25,0.5,1e-7,\n' : ',,,,,';
        const came = parseByOther(line)?.[0];
        if (came?.length === 4) expect(written.slice(0, line.length + expected.length)).to.equal(line + expected);
        const [back = [], ...others] = parseByOther(written) ?? [];
        expect(others).to.deep.equal([]);
        expect(back).to.have.length(9);
        expect(back[8] === '').to.equal(isGood);
      }),
      runs(500),
    );
  });

  it('is read in blocks that end anywhere in a record', async () => {
    const lines = Array.from({ length: 12_000 }, (_, row) => `${row},"say ""${row}""\r\n",${row}.5,a\r\n`);
    const text = `i,id,x,s\r\n${lines.join('')}`;
    for (let block = 262_144; block < 262_184; block += 1) {
      const input = memoryInput(text, block);
      const { headerBytes, slices, kept } = await csv.cut(input, readingOf(['id']), 1e9);
      const [part] = await readAll(input, slices, headerBytes, kept);
      let row = 0;
      for (const { rows, feeds, kept: columns } of part?.runs ?? []) {
        expect(feeds.x?.data).to.deep.equal(Float64Array.from({ length: rows }, (_, index) => row + index + 0.5));
        expect(columns[0]?.text(rows - 1)).to.equal(`say "${row + rows - 1}"\r\n`);
        row += rows;
      }
      expect(row).to.equal(lines.length);
    }
  });

  it('fails only the rows that are not UTF-8, in whichever field the bytes are', async () => {
    const latin1 = Buffer.from('1,Müller,2,a\n1,id,2,ü\n', 'latin1');
    const bytes = Buffer.concat([Buffer.from('x,id,i,s\n'), latin1, Buffer.from('1,Müller,2,a\n1,id,2,b\n')]);
    const notText = { pointer: '', detail: 'expected UTF-8, but it is invalid' };
    const input = memoryInput(bytes);
    const { headerBytes, slices } = await csv.cut(input, readingOf(['id']), 1000);
    const parts = await readAll(input, slices, headerBytes, ['id']);
    const problems = parts.flatMap(({ runs }) => runs).flatMap((run) => toRows(run, ['id']).map((row) => row.problems));
    expect(problems).to.deep.equal([[notText], [notText], [], []]);
  });

  it('has the kept columns, the label or value, the classes and the error in its header', async () => {
    const header = async (model: Manifest, probabilities: boolean, kept: readonly string[]) => {
      const writing = { manifest: model, job: { probabilities }, kept } as unknown as Writing;
      const [first, ...parts] = await csv.assemble(
        [{ location: 'part', report: { bytes: 7 } as Report }],
        writing,
        store,
      );
      expect(parts).to.deep.equal([{ location: 'part', start: 0, end: 7 }]);
      return Buffer.from(first as Uint8Array).toString();
    };
    expect(await header(manifest, true, ['id', 'a,b'])).to.equal('id,"a,b",label,setosa,versicolor,virginica,error\n');
    expect(await header(manifest, false, [])).to.equal('label,error\n');
    expect(await header(regressorManifest(), true, ['id'])).to.equal('id,value,error\n');
    const classes = ['=a', 'b"c', 'd'];
    expect(await header({ ...manifest, classes } as Manifest, true, [])).to.equal('label,\'=a,"b""c",d,error\n');
  });

  it('writes only labels if probabilities are left out, and writes the values of a regressor', async () => {
    const run: Run = { rows: 3, feeds: {}, problems: new Map([[1, [{ pointer: '/x', detail: 'a, "b"' }]]]), kept: [] };
    const answers = Int32Array.of(1, -1, 0);
    const write = (predictions: Predictions, model: Manifest, probabilities: boolean) => {
      const writer = csv.createPart({ manifest: model, job: { probabilities }, kept: [] } as unknown as Writing);
      expect(writer.end()).to.have.length(0);
      return Buffer.from(writer.write({ ...run, predictions, table: predictions, answers })).toString();
    };
    const label = [2, 0];
    const error = '"x: a, ""b"""\n';
    const alone = predictionsOf(manifest, { label }, [0.5, 0.5]);
    expect(write(alone, manifest, false)).to.equal(`setosa,\n,${error}virginica,\n`);
    const all = predictionsOf(manifest, { label, probabilities: [0.25, 0.25, 0.5, 1, 0, 0] });
    expect(write(all, manifest, true)).to.equal(`setosa,1,0,0,\n,,,,${error}virginica,0.25,0.25,0.5,\n`);
    const values = predictionsOf(regressorManifest(), { value: [-1.5, 1e21] });
    expect(write(values, regressorManifest(), true)).to.equal(`1e+21,\n,${error}-1.5,\n`);
  });

  it('quotes kept values of an input in another format', () => {
    const texts = ['a,b', undefined, 'c'];
    const kept = [{ name: 'k', text: (row: number) => texts[row], value: () => undefined }];
    const run = { rows: 3, feeds: {}, problems: new Map<number, []>(), kept };
    expect(writeRun(run, ['k'], false)).to.equal('"a,b",setosa,\n,setosa,\nc,setosa,\n');
  });

  it('has no rows if there is only a header', async () => {
    for (const text of ['x,i,s', 'x,i,s\n', '\uFEFFx,i,s\r\n\r\n']) {
      expect((await cutOf(text)).slices, text).to.deep.equal([]);
    }
  });

  it('keeps all columns, or the requested ones in the requested order', async () => {
    const text = 'x,id,i,s\n1,2,3,a\n';
    expect((await cutOf(text, 'all')).kept).to.deep.equal(['x', 'id', 'i', 's']);
    expect((await cutOf(text, ['s', 'id'])).kept).to.deep.equal(['s', 'id']);
    expect(await refusal(cutOf(text, ['idd']))).to.match(/^InvalidJob: .*"idd".*/);
    const near = cutOf('x,i,s,customer_id\n', ['Customer ID']);
    expect(await refusal(near)).to.match(/did you mean "customer_id"\?$/);
    const twice = 'x,id,i,s,id\n1,2,3,a,4\n';
    for (const keep of ['all', ['id']] as const) {
      expect(await refusal(cutOf(twice, keep))).to.match(/^InvalidJob: The input has more than one column "id": /);
    }
    expect((await cutOf(twice, ['x'])).kept).to.deep.equal(['x']);
  });

  it('is refused at once if its header lacks or repeats a feature', async () => {
    expect(await refusal(cutOf('x,I,s,id\n'))).to.equal(
      'InvalidInput: The columns do not fit the model: missing feature "i"; did you mean "I"?',
    );
    expect(await refusal(cutOf('x,i,s,x\n'))).to.equal(
      'InvalidInput: The columns do not fit the model: the column "x" occurs more than once',
    );
    for (const text of ['x;i;s\n1;2;a\n', 'x\ti\ts\n']) {
      expect(await refusal(cutOf(text))).to.match(/missing feature "s"; commas separate the fields of CSV$/);
    }
    // The first record may be a row, whose values an error must not quote.
    expect(await refusal(cutOf('1,2,secret\n'))).to.equal(
      'InvalidInput: The columns do not fit the model: missing feature "x"; missing feature "i"; missing feature "s"; does the first record name the columns?',
    );
    for (const text of ['', '\n\n', '\uFEFF']) {
      expect(await refusal(cutOf(text))).to.match(/^InvalidInput: .*: the table is empty$/);
    }
    const blank = memoryInput(`${'\n'.repeat(2 ** 20)}x,i,s\n1,2,a\n`, 2 ** 16);
    expect(await refusal(csv.cut(blank, readingOf([]), 100))).to.match(
      /^InvalidInput: .*: the first 1 MiB of the table holds only line breaks$/,
    );
    expect(await refusal(cutOf('x,"i,s\n1,2,a\n'))).to.match(
      /^InvalidInput: .*: the header is longer than 1 MiB, or a quote in it is never closed$/,
    );
    expect(await refusal(cutOf('x,"i"i,s\n1,2,a\n'))).to.match(/^InvalidInput: .*quotes/);
  });

  it('is refused if a quote is never closed, with the number of the row', async () => {
    const text = 'x,i,s\n1,2,a\n1,2,"a\n1,2,a\n';
    const expected = 'InvalidInput: table.csv cannot be read: a quote opens in row 2 and is never closed';
    expect(await refusal(cutOf(text))).to.equal(expected);
    const slice = { part: 0, start: 6, end: text.length, row: 0, rows: 2 };
    expect(await refusal(readAll(memoryInput(text), [slice], 6, []))).to.equal(expected);
  });

  it('is refused if a record is too long', async () => {
    const long = `1,2,"${'a'.repeat(2 ** 20)}"\n`;
    const expected = /^InvalidInput: table\.csv cannot be read: row 2 is longer than 1048576 bytes/;
    for (const text of [`x,i,s\n1,2,a\n${long}`, `x,i,s\n1,2,a\n${long}1,2,a\n`]) {
      for (const block of [1000, 1e7]) {
        const input = memoryInput(text, block);
        expect(await refusal(csv.cut(input, readingOf([]), 100))).to.match(expected);
        const slice = { part: 0, start: 6, end: text.length, row: 0, rows: 2 };
        expect(await refusal(readAll(input, [slice], 6, []))).to.match(expected);
      }
    }
  });

  it('is read to its end if its size is not known in advance', async () => {
    const input = memoryInput('x,i,s\n1,2,a\n1,2,b');
    const unpacked = { ...input, source: { ...input.source, size: Number.MAX_SAFE_INTEGER } };
    const { slices, headerBytes } = await csv.cut(unpacked, readingOf([]), Number.MAX_SAFE_INTEGER);
    expect(slices.map(({ row, rows }) => [row, rows])).to.deep.equal([[0, 2]]);
    const [part] = await readAll(
      unpacked,
      [{ ...(slices[0] as Slice), end: Number.MAX_SAFE_INTEGER }],
      headerBytes,
      [],
    );
    expect(part?.runs.map((run) => run.rows)).to.deep.equal([2]);
  });
});
