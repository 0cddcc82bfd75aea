import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { finishJob } from '../../functions/batch/finish.ts';
import type { JobRequest } from '../../functions/batch/job/job.ts';
import { toCell } from '../../functions/core/csv/cell.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { inspect } from '../../local/model/inspect.ts';
import { score, toWorld, withFolder, writeInput } from '../helpers/batch.ts';
import { bytesOf } from '../helpers/binary.ts';
import { readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { createService } from '../helpers/service.ts';

const directory = 'test/fixtures/texts';
const names = ['reviews', 'tickets', 'hashed', 'languages'];

/** Creates a function that sends a request to the model, and returns the answer with all lines that were logged. */
function createSender(model: Model) {
  const handler = createService(model, { driftWindowRows: 1 });
  return async (request: TestRequest, status = 200) => {
    const headers = { 'content-type': 'application/json', ...request.headers };
    const { result, lines, others } = await captureOutput(() =>
      handler(createHttpEvent({ ...request, headers }), createContext('texts')),
    );
    const response = fromHttpResponse(result);
    expect(response.status, response.body).to.equal(status);
    return { ...response, log: JSON.stringify([lines, others]) };
  };
}

for (const name of names) {
  describe(`a model of texts, ${name}`, () => {
    let model: Model;
    let send: ReturnType<typeof createSender>;
    const { instances, predictions } = readGolden(name, directory);
    const tolerance = () => 1e-9 * Math.max(1, model.manifest.parity?.scale ?? 1);
    const columns = () => model.manifest.features.map((feature) => feature.name);
    const toRecord = (row: readonly unknown[]) =>
      Object.fromEntries(columns().map((column, index) => [column, row[index]]));
    const predict = async (path: string, body: unknown) =>
      JSON.parse((await send({ path, body: JSON.stringify(body) })).body).predictions as Prediction[];

    before(async () => {
      model = await loadModel(directory, name);
      send = createSender(model);
    });

    it('has a package without problems', async () => {
      expect(await inspect({ folder: `${directory}/${name}`, name })).to.deep.include({ problems: [], unsealed: [] });
    });

    it('answers as the original does, by position, by name and alone', async () => {
      expectSamePredictions(await predict('/predict', instances), predictions, tolerance());
      const together = await predict('/predict', instances.slice(0, 5).map(toRecord));
      expectSamePredictions(together, predictions.slice(0, 5), tolerance());
      for (const [index, row] of instances.slice(0, 5).entries()) {
        expect(await predict('/predict', row)).to.deep.equal([together[index]]);
      }
    });

    it('answers CSV whose texts have several lines', async () => {
      const isText = model.manifest.features.map((feature) => 'analyzers' in feature);
      const rows = instances.map((row) => row.map((value, column) => (isText[column] ? `${value}\r\n"` : value)));
      const lines = [columns(), ...rows].map((row) => row.map((value) => toCell(String(value))).join(','));
      const request = { path: '/predict', headers: { 'content-type': 'text/csv' }, body: lines.join('\n') };
      const answers = JSON.parse((await send(request)).body).predictions;
      expectSamePredictions(answers, await predict('/predict', rows), 0);
    });

    it("answers as MLflow's scoring server does", async () => {
      const split = { dataframe_split: { columns: columns(), data: instances } };
      const labels = await predict('/invocations', split);
      const expected = predictions.map((prediction) => Object.values(prediction)[0]);
      for (const [index, value] of expected.entries()) {
        if (typeof value === 'number') expect(labels[index]).to.be.closeTo(value, tolerance());
        else expect(labels[index]).to.equal(value);
      }
    });

    it('answers by the Open Inference Protocol, texts as strings and as bytes', async () => {
      const metadata = JSON.parse((await send({ method: 'GET', path: `/v2/models/${name}` })).body);
      expect(metadata.inputs.map((input: { name: string }) => input.name)).to.deep.equal(columns());
      const inputs = metadata.inputs.map((input: { name: string; datatype: string }, column: number) => {
        return { ...input, shape: [instances.length, 1], data: instances.map((row) => row[column]) };
      });
      const plain = JSON.parse(
        (await send({ path: `/v2/models/${name}/infer`, body: JSON.stringify({ inputs }) })).body,
      );
      const isBytes = (input: { datatype: string }) => input.datatype === 'BYTES';
      const tail = inputs.filter(isBytes).map(({ data }: { data: string[] }) => bytesOf(...data));
      let next = 0;
      const withBytes = inputs.map((input: { datatype: string; data: unknown }) => {
        if (!isBytes(input)) return input;
        const { data: _, ...others } = input;
        next += 1;
        return { ...others, parameters: { binary_data_size: tail[next - 1].length } };
      });
      const json = Buffer.from(JSON.stringify({ inputs: withBytes }));
      const headers = {
        'content-type': 'application/octet-stream',
        'inference-header-content-length': String(json.length),
      };
      const binary = await send({ path: `/v2/models/${name}/infer`, headers, body: Buffer.concat([json, ...tail]) });
      expect(JSON.parse(binary.body).outputs).to.deep.equal(plain.outputs);
      const [{ data }] = plain.outputs;
      const [first] = Object.values(predictions[0] ?? {});
      if (typeof first === 'string') expect(data[0]).to.equal(first);
      else expect(data[0]).to.be.closeTo(Number(first), tolerance());
    });

    it('scores a table of each format alike', async () => {
      const rows = instances.filter((row) => row.every((value) => value !== ''));
      const expected = await predict('/predict', rows);
      const csv = [columns(), ...rows].map((row) => row.map((value) => toCell(String(value))).join(',')).join('\n');
      const jsonl = rows.map((row) => JSON.stringify(toRecord(row))).join('\n');
      const columnData = columns().map((column, index) => ({ name: column, data: rows.map((row) => row[index]) }));
      const parquet = new Uint8Array(parquetWriteBuffer({ columnData: columnData as never }));
      for (const [kind, content] of Object.entries({ csv, jsonl, parquet })) {
        const scored = await scoreTable(model, content, { inputFormat: { kind, gzip: false } as never });
        expectSamePredictions(scored, expected, 0);
      }
    });

    it('refuses a text that cannot be analysed as in training, with its place and without its content', async () => {
      const column = model.manifest.features.findIndex((feature) => 'analyzers' in feature);
      for (const [text, detail] of [
        ['secret\u001fword', 'U+001F'],
        ['secret \u{1c89}word', 'Unicode 13.0'],
      ] as const) {
        const bad = instances.slice(0, 2).map((row, index) => (index === 1 ? row.with(column, text) : row));
        const { body, log } = await send({ path: '/predict', body: JSON.stringify(bad) }, 422);
        const { errors } = JSON.parse(body);
        expect(errors).to.have.length(1);
        expect(errors[0].pointer).to.equal(`/1/${column}`);
        expect(errors[0].detail).to.include(detail);
        expect(body + log).not.to.include('secret');
      }
    });

    it('writes no text to its log or metrics', async () => {
      const column = model.manifest.features.findIndex((feature) => 'analyzers' in feature);
      const rows = instances.slice(0, 3).map((row) => row.with(column, 'hushhush payment façade'));
      const { log } = await send({ path: '/predict', body: JSON.stringify(rows) });
      expect(log).not.to.include('hushhush').and.not.to.include('façade');
      // The drift of a text is not measured, so that no metric may name a feature that is a text.
      const measured = [...log.matchAll(/"feature":"(\w+)"/g)].map(([, feature]) => feature);
      expect(measured).to.deep.equal(name === 'tickets' ? ['age', 'channel', 'urgent'] : []);
    });

    it('describes how its texts are analysed, with the number of stop words instead of the words', async () => {
      const document = JSON.parse((await send({ method: 'GET', path: '/model' })).body);
      const analyzers = document.features.flatMap((feature: { analyzers?: object[] }) => feature.analyzers ?? []);
      expect(analyzers).to.have.length.above(0);
      for (const analyzer of analyzers)
        expect(analyzer).to.have.all.keys(
          ...['kind', 'lowercase', 'accents', 'pattern', 'ngrams', 'stop_words', 'hash'],
        );
      if (name === 'reviews') expect(analyzers[0].stop_words).to.equal(318);
      const { components } = JSON.parse((await send({ method: 'GET', path: '/openapi.json' })).body);
      const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'api', components });
      const validate = ajv.getSchema('api#/components/schemas/Model');
      expect(validate?.(document), JSON.stringify(validate?.errors)).to.equal(true);
      expect(JSON.stringify(components.schemas.Record)).to.include('free text');
      expect((await send({ method: 'GET', path: '/' })).body).not.to.include('"anyhow"');
    });

    it('answers every example request of its OpenAPI document', async () => {
      for (const request of toExampleRequests(model.manifest)) await send(request);
    });
  });
}

/** Scores a table, and returns the predictions in its output, which is JSON Lines. */
function scoreTable(model: Model, content: string | Uint8Array, changes: Partial<JobRequest>): Promise<Prediction[]> {
  return withFolder(async (folder) => {
    const request = writeInput(folder, content, changes);
    const work = join(folder, 'work');
    mkdirSync(work);
    const world = toWorld(model);
    const { job, slices } = await score(request, work, world, 1000);
    await finishJob(job, slices.length, world);
    const lines = readFileSync(request.output, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Prediction);
  });
}

describe('long texts', () => {
  let model: Model;
  let send: ReturnType<typeof createSender>;

  before(async () => {
    model = await loadModel(directory, 'languages');
    send = createSender(model);
  });

  it('are answered among short texts as they are answered alone', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => [
      index === 300 ? 'naïve Straße '.repeat(10_000) : `le ${index}`,
    ]);
    const { predictions } = JSON.parse((await send({ path: '/predict', body: JSON.stringify(rows) })).body);
    for (const index of [0, 300, 599]) {
      const alone = JSON.parse((await send({ path: '/predict', body: JSON.stringify(rows[index]) })).body);
      expect(alone.predictions).to.deep.equal([predictions[index]]);
    }
  });

  it('are refused above their limit of characters, and an id is refused above its lower limit', async () => {
    const { body } = await send({ path: '/predict', body: JSON.stringify([['x'.repeat(2_000_000)]]) }, 422);
    expect(JSON.parse(body).errors[0].detail).to.match(/^expected at most \d+ characters, got 2000000$/);
    const inputs = [{ name: 'text', shape: [1, 1], datatype: 'BYTES', data: ['a:'] }];
    const withId = { id: 'i'.repeat(20_000), inputs };
    const refused = await send({ path: '/v2/models/languages/infer', body: JSON.stringify(withId) }, 422);
    expect(refused.body).to.include('/id').and.include('10000');
  });
});
