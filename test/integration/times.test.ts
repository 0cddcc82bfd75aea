import { mkdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { finishJob } from '../../functions/batch/finish.ts';
import type { TableFormat } from '../../functions/batch/job/job.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createCapture } from '../../functions/predict/telemetry/capture.ts';
import { createContext } from '../../local/context.ts';
import { inspect } from '../../local/model/inspect.ts';
import { score, toWorld, withFolder, writeInput } from '../helpers/batch.ts';
import { readGolden, readManifest } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { patientMs, startS3 } from '../helpers/s3.ts';
import { createService } from '../helpers/service.ts';

const directory = 'test/fixtures';
const golden = readGolden('times', directory);
const names = ['placed', 'sent', 'channel', 'amount'];
const tolerance = 1e-9;

const send = async (handler: Handler, request: TestRequest, status = 200) => {
  const headers = { 'content-type': 'application/json', ...request.headers };
  const { result, lines } = await captureOutput(() =>
    handler(createHttpEvent({ ...request, headers }), createContext('times')),
  );
  const response = fromHttpResponse(result);
  expect(response.status, response.body).to.equal(status);
  return { ...response, lines };
};
const post = async (handler: Handler, path: string, body: unknown, status = 200) =>
  JSON.parse((await send(handler, { path, body: JSON.stringify(body) }, status)).body);
const get = async (handler: Handler, path: string) => JSON.parse((await send(handler, { method: 'GET', path })).body);

/** A value as pandas writes it into CSV: a time has a space instead of the T, and +00:00 instead of the Z. */
function asPandas(value: unknown, column: number): unknown {
  if (value === null || column > 1) return value ?? '';
  return String(value).replace('T', ' ').replace('Z', '+00:00');
}

describe('a model of times', () => {
  let model: Model;
  let handler: Handler;
  const { instances: rows, predictions } = golden;
  const expectGolden = (answered: readonly Prediction[]) => expectSamePredictions(answered, predictions, tolerance);
  const table = [names, ...rows.map((row) => row.map(asPandas))].map((fields) => `${fields.join()}\n`).join('');

  before(async () => {
    model = await loadModel(directory, 'times');
    handler = createService(model);
  });

  it('has a package without problems', async () => {
    const found = await inspect({ folder: `${directory}/times`, name: 'times' });
    expect(found).to.deep.include({ problems: [], unsealed: [] });
  });

  it('answers its golden rows as the original did, by position, by name and as CSV', async () => {
    expectGolden((await post(handler, '/predict', rows)).predictions);
    const records = rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
    expectGolden((await post(handler, '/predict', records)).predictions);
    const csv = await send(handler, { path: '/predict', headers: { 'content-type': 'text/csv' }, body: table });
    expectGolden(JSON.parse(csv.body).predictions);
  });

  it("answers the same to MLflow's clients, and to those of the Open Inference Protocol", async () => {
    const asked = { dataframe_split: { columns: names, data: rows }, params: { predict_method: 'predict_proba' } };
    const shares = predictions.map((one) => Object.values('probabilities' in one ? (one.probabilities ?? {}) : {}));
    const { predictions: answered } = await post(handler, '/invocations', asked);
    const inputs = names.map((name, column) => {
      const data = rows.map((row) => row[column]);
      return { name, datatype: column < 3 ? 'BYTES' : 'FP64', shape: [rows.length], data };
    });
    const { outputs } = await post(handler, '/v2/models/times/infer', { inputs, outputs: [{ name: 'probabilities' }] });
    shares.flat().forEach((share, index) => {
      expect(answered.flat()[index]).to.be.closeTo(share, tolerance);
      expect(outputs[0].data[index]).to.be.closeTo(share, tolerance);
    });
  });

  it('refuses a value that is not a timestamp, and describes the expected format', async () => {
    const wrong = [['2023-02-30', '2023-05-01T12:30', 'web', 1]];
    const { errors } = await post(handler, '/predict', wrong, 422);
    expect(errors).to.deep.equal([
      { pointer: '/0/0', detail: 'expected a date of the calendar, got one that does not exist' },
      {
        pointer: '/0/1',
        detail: 'expected a time with its offset from UTC, such as 2024-05-01T12:30:00Z, got one without',
      },
    ]);
  });

  it('answers every example request of its OpenAPI document, and answers as the document says', async () => {
    for (const request of toExampleRequests(model.manifest)) await send(handler, request);
    const { components } = await get(handler, '/openapi.json');
    const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'api', components });
    const described = await get(handler, '/model');
    expect(described.features.slice(0, 2).map(({ timezone }: { timezone: unknown }) => timezone)).to.deep.equal([
      null,
      'UTC',
    ]);
    const validate = ajv.getSchema('api#/components/schemas/Model');
    expect(validate?.(described), JSON.stringify(validate?.errors)).to.equal(true);
    const takes = ajv.getSchema('api#/components/schemas/PredictRequest');
    expect(takes?.(rows), JSON.stringify(takes?.errors)).to.equal(true);
    expect(components.schemas).to.include.any.keys('UtcTime');
    expect((await send(handler, { method: 'GET', path: '/' })).body).to.include('"timestamp"');
  });

  it('counts the rows whose times lie outside the range of the training data', async () => {
    const some = [rows[0], ['1999-12-31', '2023-05-01T12:30Z', 'web', 1], [null, '2050-05-01T12:30Z', 'web', 1]];
    const { lines } = await send(handler, { path: '/predict', body: JSON.stringify(some) });
    expect(lines[0]).to.include({ RowsOutOfRange: 2 });
  });

  it('captures a time as it was sent, and redacts it like any other feature', async () => {
    const s3 = await startS3();
    try {
      const config = { capture: s3.config, captureRedact: ['placed'] };
      const captured = createService(model, {}, await createCapture(config, model.manifest, patientMs));
      const body = `${names}\n2022-05-01, 2022-05-01 14:30:00.250+02:00,web,1.5\n`;
      const { lines } = await send(captured, { path: '/predict', headers: { 'content-type': 'text/csv' }, body });
      expect(sortLines(lines).logs.map(({ message }) => message)).to.deep.equal(['request']);
      const [document] = s3.objects.map((object) => JSON.parse(object.body));
      expect(document.instances).to.deep.equal([
        { placed: null, sent: '2022-05-01 14:30:00.250+02:00', channel: 'web', amount: 1.5 },
      ]);
    } finally {
      await s3.stop();
    }
  });

  const inputs: readonly [TableFormat['kind'], content: string | Uint8Array, count: number][] = [
    ['jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''), rows.length],
    ['csv', table, rows.length],
    ['parquet', readFileSync(`${directory}/parquet/times-polars.parquet`), 24],
  ];
  for (const [kind, content, count] of inputs) {
    it(`gives the same answers to a table: ${kind}`, async () => {
      const world = toWorld(model);
      await withFolder(async (folder) => {
        const request = writeInput(folder, content, { inputFormat: { kind, gzip: false } });
        const work = `${folder}/work`;
        mkdirSync(work);
        const { job, slices } = await score(request, work, world, 2000);
        await finishJob(job, slices.length, world);
        const lines = readFileSync(request.output, 'utf8').trim().split('\n');
        expectSamePredictions(
          lines.map((line) => JSON.parse(line)),
          predictions.slice(0, count),
          tolerance,
        );
      });
    });
  }
});

describe('a model that takes times in one matrix with numbers', () => {
  /** A petal width of the iris model as a time: as many microseconds after 1970. */
  const toTime = (width: number) => `1970-01-01T00:00:00.${String(width).padStart(6, '0')}`;

  it('answers to times as it answers to the numbers that they stand for', async () => {
    await withPackage(async (folder) => {
      const { features, examples } = readManifest() as { features: object[]; examples: { instances: number[][] }[] };
      const baseline = { missing: 0, min: 0, max: 3, mean: 1, std: 1, deciles: [0, 0, 0, 1, 1, 1, 2, 2, 3] };
      const time = { dtype: 'timestamp', timezone: null, baseline, unit: null };
      const [example] = examples;
      const shown = [{ ...example, instances: [[5, 3.4, 1.5, toTime(2)]] }];
      const [plain, changed] = [await loadModel('models', 'iris'), features.with(3, { ...features[3], ...time })];
      const answer = await post(createService(plain), '/predict', [[5, 3.4, 1.5, 2]]);
      const known = [{ ...shown[0], predictions: answer.predictions }];
      // The background of iris has numbers where this model expects times, so the package has no explanations.
      changeManifest(folder, { features: changed, examples: known, explanations: undefined });
      const handler = createService(await loadModel(folder, 'iris'));
      const widths = [0, 1, 2, 3];
      const expected = await post(
        createService(plain),
        '/predict',
        widths.map((width) => [5.7, 2.8, 4.5, width]),
      );
      const answered = await post(
        handler,
        '/predict',
        widths.map((width) => [5.7, 2.8, 4.5, toTime(width)]),
      );
      expect(answered.predictions).to.deep.equal(expected.predictions);
      for (const request of toExampleRequests((await loadModel(folder, 'iris')).manifest)) await send(handler, request);
    });
  });
});
