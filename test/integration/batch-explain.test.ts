import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { finishJob } from '../../functions/batch/finish.ts';
import type { JobRequest } from '../../functions/batch/job/job.ts';
import { plan, type Steps } from '../../functions/batch/steps.ts';
import type { ScoringWorld } from '../../functions/batch/world.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { createContext } from '../../local/context.ts';
import { score, toWorld, withFolder, writeInput } from '../helpers/batch.ts';
import { modelOf } from '../helpers/explained-model.ts';
import { readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { labelsManifest, regressorManifest } from '../helpers/manifest.ts';
import { createMemoryStore } from '../helpers/memory-store.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

const csv = { kind: 'csv', gzip: false } as const;
const jsonl = { kind: 'jsonl', gzip: false } as const;
const parquet = { kind: 'parquet', gzip: false } as const;
const broken = ['wide'];

/** Runs a job in slices of about `sliceBytes` bytes, and returns its output, its summary and its slices. */
function run(
  world: ScoringWorld,
  content: string | Uint8Array,
  changes: Partial<JobRequest> = {},
  sliceBytes?: number,
) {
  return withFolder(async (folder) => {
    const request = writeInput(folder, content, { explain: true, ...changes });
    const work = join(folder, 'work');
    mkdirSync(work);
    const { job, slices } = await score(request, work, world, sliceBytes);
    const summary = await finishJob(job, slices.length, world);
    return { output: readFileSync(request.output), summary, slices };
  });
}

async function explain(model: Model, rows: readonly unknown[], accept: string): Promise<string> {
  const request = { path: '/explain?explain=predicted', headers: { accept }, body: JSON.stringify(rows) };
  const handler = createService(model);
  const { result } = await captureOutput(() => handler(createHttpEvent(request), createContext('request-1')));
  const { status, body } = fromHttpResponse(result);
  expect(status, body).to.equal(200);
  return body;
}

async function failureOf(running: Promise<unknown>): Promise<Error> {
  const error = await running.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error ?? expect.fail('it did not fail');
}

const toLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const documentsOf = (output: Uint8Array) =>
  Buffer.from(output)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const rowsOfParquet = (output: Uint8Array) => parquetReadObjects({ file: new Uint8Array(output).buffer });

for (const name of ['iris', 'churn']) {
  describe(`a table that is explained: ${name}`, () => {
    let model: Model;
    let world: ScoringWorld;
    let names: readonly string[];
    let reason: string;
    const instances = readGolden(name).instances.slice(0, 12);
    const lines = toLines([broken, ...instances]);
    before(async () => {
      model = await loadModel('models', name);
      world = toWorld(model);
      names = model.manifest.features.map((feature) => feature.name);
      reason = `expected ${names.length} values (${names.join(', ')}), got 1`;
    });

    it('has the columns that POST /explain answers as CSV, and the same in Parquet', async () => {
      const [header, ...records] = (await explain(model, instances, 'text/csv')).trim().split('\r\n');
      const { output, summary } = await run(world, lines, { outputFormat: csv });
      const commas = ','.repeat(header?.split(',').length ?? 0);
      const expected = [`${header},error`, `${commas}"${reason}"`, ...records.map((record) => `${record},`)];
      expect(output.toString().trim().split('\n')).to.deep.equal(expected);
      expect(summary).to.deep.include({ rows: instances.length + 1, failed: 1, firstFailed: [1], explain: true });
      const [first, ...others] = await rowsOfParquet((await run(world, lines, { outputFormat: parquet })).output);
      expect(first).to.deep.include({ base: null, label: null, error: reason });
      const numbers = parse(records.join('\n')).map((record: string[]) => record.map((cell) => Number(cell) || cell));
      const columns = header?.split(',') ?? [];
      expect(others.map((row) => columns.map((column) => row[column] || String(row[column])))).to.deep.equal(numbers);
    });

    it('has the lines that POST /explain answers, however the table is divided into slices', async () => {
      const whole = await run(world, lines, { keep: [] });
      const { explanations } = JSON.parse(await explain(model, instances, 'application/json'));
      expect(documentsOf(whole.output)).to.deep.equal([{ error: reason }, ...explanations]);
      const cut = await run(world, lines, {}, 50);
      expect([whole.slices.length, cut.slices.length > 3]).to.deep.equal([1, true]);
      expect(cut.output.toString()).to.equal(whole.output.toString());
    });

    it('puts kept columns first, and leaves out probabilities if the job does not ask for them', async () => {
      const record = ['id', ...names].join();
      const rows = instances.slice(0, 3);
      const table = [record, ...rows.map((row, index) => [`c${index}`, ...row].join())].join('\n');
      const asked = { inputFormat: csv, outputFormat: csv, keep: ['id'], probabilities: false };
      const { output } = await run(world, table, asked);
      const [header, ...records] = parse(output) as string[][];
      const contributions = names.map((feature) => `contribution:${feature}`);
      expect(header).to.deep.equal(['id', 'label', 'base', ...contributions, 'error']);
      const full = parse(await explain(model, rows, 'text/csv'), { columns: true }) as Record<string, string>[];
      const expected = full.map((row, index) => [
        `c${index}`,
        row.label,
        row.base,
        ...contributions.map((column) => row[column]),
        '',
      ]);
      expect(records).to.deep.equal(expected);
      const [line] = documentsOf((await run(world, table, { ...asked, outputFormat: jsonl })).output);
      expect(Object.keys(line).slice(0, 4)).to.deep.equal(['id', 'label', 'base', 'contributions']);
    });
  });
}

describe('a table that is explained', () => {
  let iris: Model;
  before(async () => {
    iris = await loadModel('models', 'iris');
  });

  it('may be Parquet', async () => {
    const { instances } = readGolden();
    const names = iris.manifest.features.map((feature) => feature.name);
    const columnData = names.map((name, at) => ({
      name,
      data: instances.map((row) => row[at]),
      type: 'DOUBLE' as const,
    }));
    const table = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 10 }));
    const { output } = await run(toWorld(iris), table, { inputFormat: parquet, outputFormat: csv });
    const [header, ...records] = (await explain(iris, instances, 'text/csv')).trim().split('\r\n');
    const expected = [`${header},error`, ...records.map((record) => `${record},`)];
    expect(output.toString().trim().split('\n')).to.deep.equal(expected);
  });

  it('fails only the rows that have no finite answer or explanation', async () => {
    // The row (1, 1) has a finite answer. Its mix (1, 0) with the background has none, so that its explanation fails.
    const shape = regressorManifest();
    const blank = shape.features.map(() => 0);
    const numbers = ([first, second]: readonly unknown[]) => [first === 1 && second === 0 ? Number.NaN : 1];
    const world = toWorld(modelOf(shape, numbers, [blank]));
    const row = (...values: number[]) => [...values, ...blank.slice(values.length)];
    const lines = toLines([row(2, 1), row(1, 1), row(1, 0), row(3, 1)]);
    const unexplained =
      'the model has no finite answer if some of these values are replaced by values of its background rows';
    const unanswered = /^the model has no finite answer for these values/;
    const { output, summary } = await run(world, lines);
    const documents = documentsOf(output);
    expect(documents.map(({ value }) => value)).to.deep.equal([1, undefined, undefined, 1]);
    expect(documents[1]).to.deep.equal({ error: unexplained });
    expect(documents[2].error).to.match(unanswered);
    expect(summary).to.deep.include({ failed: 2, firstFailed: [2, 3] });
    for (const outputFormat of [csv, parquet]) {
      const bytes = (await run(world, lines, { outputFormat })).output;
      const rows = outputFormat === csv ? (parse(bytes, { columns: true }) as object[]) : await rowsOfParquet(bytes);
      expect(rows.map((one) => ['value', 'base'].map((name) => Boolean(Reflect.get(one, name))))).to.deep.equal([
        [true, true],
        [false, false],
        [false, false],
        [true, true],
      ]);
      expect(Reflect.get(rows[1] ?? {}, 'error')).to.equal(unexplained);
    }
  });

  it('has its columns even if no row has an answer', async () => {
    for (const outputFormat of [csv, parquet]) {
      const { output } = await run(toWorld(iris), toLines([broken, broken]), { outputFormat });
      const rows = outputFormat === csv ? (parse(output, { columns: true }) as object[]) : await rowsOfParquet(output);
      expect(rows).to.have.length(2);
      expect(rows[0]).to.include.keys('label', 'base', 'contribution:petal_width', 'error');
    }
  });

  it("is refused before any row is read if the model cannot explain its answers, with the API's message", async () => {
    const { explanations: _, ...without } = iris.manifest;
    const refused = [
      [
        without,
        'The model cannot be explained: the package of iris has no background to explain against; export the model again, and see its summary',
      ],
      [labelsManifest(['a', 'b']), 'The model cannot be explained: it answers only labels'],
    ] as const;
    for (const [manifest, message] of refused) {
      const world = { ...toWorld(iris), manifest } as ScoringWorld;
      const error = await failureOf(run(world, toLines(readGolden().instances)));
      expect(error.name).to.equal('InvalidJob');
      expect(error.message).to.include(message);
    }
  });

  it('is divided on AWS into slices that end in time, or refused', async () => {
    const table = `sepal_length,sepal_width,petal_length,petal_width\n${'5.1,3.5,1.4,0.2\n'.repeat(20_000)}`;
    const objects = new Map([['s3://bucket/in.csv', Buffer.from(table)]]);
    const { store } = createMemoryStore(objects, 65_536);
    const world = { ...iris, store, limits: defaultLimits };
    const steps: Steps = { world, concurrency: 5, sliceBytes: undefined };
    const ask = (input: object) =>
      plan({ step: 'plan', execution: 'night', input }, steps, { step: 'plan', execution: 'night' });
    const job = { input: 's3://bucket/in.csv', output: 's3://bucket/out.csv' };
    expect((await ask(job)).slices).to.have.length(1);
    const { slices } = await ask({ ...job, explain: true });
    expect(slices.length).to.be.within(4, 5);
    for (const { rows } of slices) expect(rows).to.be.at.most(6662);
    objects.set('s3://bucket/in.csv.gz', gzipSync(table));
    const packed = ask({ ...job, input: 's3://bucket/in.csv.gz', explain: true });
    const error = await failureOf(packed);
    expect(error.message).to.equal(
      'To explain each row in time, expected no gzip, which cannot be divided into slices: decompress it',
    );
  });
});
