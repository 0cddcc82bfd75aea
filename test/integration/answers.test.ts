import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { Class } from '../../functions/core/model/classes.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Field } from '../../functions/core/model/outputs.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { readAt } from '../../functions/core/model/records.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import { inspect } from '../../local/model/inspect.ts';
import { binaryRequest } from '../helpers/binary.ts';
import { readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { createService } from '../helpers/service.ts';

const directory = 'test/fixtures/answers';

/** One tensor of the Open Inference Protocol. */
interface Tensor {
  readonly name: string;
  readonly alias?: string;
  readonly datatype: 'BYTES' | 'INT64' | 'BOOL' | 'FP64';
  /** The number of values for each row, if the tensor has two dimensions. */
  readonly width?: number;
  /** The expected data for one row. */
  readonly of: (prediction: Prediction) => unknown;
}

/** The answers that each protocol must give for one of the packages that test/fixtures/answers.py exported. */
interface Expected {
  /** The columns of the answer as CSV. */
  readonly columns: readonly string[];
  readonly tensors: readonly Tensor[];
  /** The answer of MLflow's `predict` for one row, and of `predict_proba` for all rows if there are probabilities. */
  readonly predict: (prediction: Prediction) => unknown;
  readonly proba?: (predictions: readonly Prediction[]) => unknown;
  /** The values of the metric dimension `class` under which predicted rows are counted. */
  readonly counted: readonly string[];
  /** Set if the model answers probabilities, so that a request also counts rows of low confidence. */
  readonly isConfident?: true;
}

/** Functions that read a part of a prediction: the value at a path, or the values of the object at a path. */
const at =
  (field: Field, ...path: string[]) =>
  (prediction: Prediction) =>
    readAt(prediction, field, path);
const values =
  (field: Field, ...path: string[]) =>
  (prediction: Prediction) =>
    Object.values(readAt(prediction, field, path) as object);
const label = { name: 'label', alias: 'predict', of: at('label') } as const;

const packages: Readonly<Record<string, Expected>> = {
  scores: {
    columns: ['label', 'blue', 'green', 'red'],
    tensors: [
      { ...label, datatype: 'BYTES' },
      { name: 'scores', alias: 'decision_function', datatype: 'FP64', width: 3, of: values('scores') },
    ],
    predict: at('label'),
    counted: ['blue', 'green', 'red'],
  },
  score: {
    columns: ['label', 'true'],
    tensors: [
      { ...label, datatype: 'BOOL' },
      { name: 'scores', alias: 'decision_function', datatype: 'FP64', of: at('scores', 'true') },
    ],
    predict: at('label'),
    counted: ['false', 'true'],
  },
  labels: {
    columns: ['label'],
    tensors: [{ ...label, datatype: 'INT64' }],
    predict: at('label'),
    counted: ['0', '1', '2'],
  },
  values: {
    columns: ['height', 'weight'],
    tensors: [{ name: 'values', alias: 'predict', datatype: 'FP64', width: 2, of: values('values') }],
    predict: values('values'),
    counted: [],
  },
  targets: {
    columns: [
      'colour, of it',
      'size',
      'colour, of it:=1+1',
      'colour, of it:blue',
      'colour, of it:red',
      'size:large',
      'size:small',
    ],
    tensors: [
      { name: 'labels.colour, of it', datatype: 'BYTES', of: at('labels', 'colour, of it') },
      { name: 'labels.size', datatype: 'BYTES', of: at('labels', 'size') },
      {
        name: 'probabilities.colour, of it',
        datatype: 'FP64',
        width: 3,
        of: values('probabilities', 'colour, of it'),
      },
      {
        name: 'probabilities.size',
        datatype: 'FP64',
        width: 2,
        of: values('probabilities', 'size'),
      },
    ],
    predict: values('labels'),
    proba: (predictions) => ['colour, of it', 'size'].map((target) => predictions.map(values('probabilities', target))),
    counted: ['colour, of it:=1+1', 'colour, of it:blue', 'colour, of it:red', 'size:large', 'size:small'],
    isConfident: true,
  },
  outliers: {
    columns: ['label', 'score'],
    tensors: [
      { ...label, datatype: 'BYTES' },
      { name: 'score', alias: 'decision_function', datatype: 'FP64', of: at('score') },
    ],
    predict: at('label'),
    counted: ['inlier', 'outlier'],
  },
  clusters: {
    columns: ['label', '0', '1', '2'],
    tensors: [
      { ...label, datatype: 'INT64' },
      { name: 'distances', alias: 'transform', datatype: 'FP64', width: 3, of: values('distances') },
    ],
    predict: at('label'),
    counted: ['0', '1', '2'],
  },
  mixture: {
    columns: ['label', '0', '1'],
    tensors: [
      { ...label, datatype: 'INT64' },
      { name: 'probabilities', alias: 'predict_proba', datatype: 'FP64', width: 2, of: values('probabilities') },
    ],
    predict: at('label'),
    proba: (predictions) => predictions.map(values('probabilities')),
    counted: ['0', '1'],
    isConfident: true,
  },
};

/** All values in an answer, in order, without the keys that lead to them. */
function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

/** Expects the same labels, and numbers that differ only by rounding. */
function expectNear(actual: unknown, expected: unknown): void {
  const [ours, theirs] = [leavesOf(actual), leavesOf(expected)];
  expect(ours).to.have.length(theirs.length);
  for (const [index, value] of theirs.entries()) {
    if (typeof value === 'number')
      expect(ours[index], `value ${index}`).to.be.closeTo(value, 1e-9 * Math.max(1, Math.abs(value)));
    else expect(ours[index], `value ${index}`).to.equal(value);
  }
}

/** Functions that read one element of binary data, and return its value and its size in bytes. */
const readers: Readonly<Record<Tensor['datatype'], (bytes: Buffer, at: number) => readonly [Class, number]>> = {
  BYTES: (bytes, at) => {
    const size = 4 + bytes.readUInt32LE(at);
    return [bytes.toString('utf8', at + 4, at + size), size];
  },
  INT64: (bytes, at) => [Number(bytes.readBigInt64LE(at)), 8],
  BOOL: (bytes, at) => [bytes.readUInt8(at) === 1, 1],
  FP64: (bytes, at) => [bytes.readDoubleLE(at), 8],
};

function readAll(bytes: Buffer, datatype: Tensor['datatype']): Class[] {
  const found: Class[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, size] = readers[datatype](bytes, at);
    found.push(value);
    at += size;
  }
  return found;
}

for (const [name, { columns, tensors, predict, proba, counted, isConfident }] of Object.entries(packages)) {
  describe(`a model of the kind ${name}`, () => {
    let model: Model;
    let handler: Handler;
    const { instances, predictions } = readGolden(name, directory);
    const rows = instances as number[][];

    const send = async (request: TestRequest, status = 200) => {
      const headers = { 'content-type': 'application/json', ...request.headers };
      const { result, lines } = await captureOutput(() =>
        handler(createHttpEvent({ ...request, headers }), createContext('answers')),
      );
      const response = fromHttpResponse(result);
      expect(response.status, response.body).to.equal(status);
      return { ...response, lines };
    };
    const post = async (path: string, body: unknown, status = 200) =>
      JSON.parse((await send({ path, body: JSON.stringify(body) }, status)).body);
    const get = async (path: string) => JSON.parse((await send({ method: 'GET', path })).body);
    const infer = (members: object = {}) =>
      post(`/v2/models/${name}/infer`, {
        inputs: [{ name: 'X', shape: [rows.length, 2], datatype: 'FP64', data: rows }],
        ...members,
      });

    before(async () => {
      model = await loadModel(directory, name);
      handler = createService(model);
    });

    it('has a package without problems', async () => {
      expect(await inspect({ folder: `${directory}/${name}`, name })).to.deep.include({ problems: [], unsealed: [] });
    });

    it('answers a direct invocation, and POST /predict as JSON', async () => {
      const { result } = await captureOutput(() => handler(rows, createContext('answers')));
      const direct = (result as { predictions: Prediction[] }).predictions;
      expectSamePredictions(direct, predictions, 1e-9 * Math.max(1, model.manifest.parity?.scale ?? 1));
      expect((await post('/predict', rows)).predictions).to.deep.equal(direct);
    });

    it('answers a row that is sent alone as it answers that row among others', async () => {
      const together = (await post('/predict', rows.slice(0, 5))).predictions;
      for (const [index, row] of rows.slice(0, 5).entries()) {
        expect((await post('/predict', row)).predictions).to.deep.equal([together[index]]);
      }
    });

    it('answers as CSV', async () => {
      const { body } = await send({ path: '/predict', headers: { accept: 'text/csv' }, body: JSON.stringify(rows) });
      const [header, ...records] = parse(body) as string[][];
      expect(header).to.deep.equal(columns);
      const texts = predictions.map((prediction) =>
        leavesOf(prediction).map((value) => (value === '=1+1' ? "'=1+1" : value)),
      );
      const typed = records.map((record, row) =>
        record.map((text, column) => (typeof texts[row]?.[column] === 'number' ? Number(text) : text)),
      );
      expectNear(
        typed,
        texts.map((row) => row.map((value) => (typeof value === 'boolean' ? String(value) : value))),
      );
    });

    it("answers as MLflow's scoring server does", async () => {
      expectNear((await post('/invocations', { instances: rows })).predictions, predictions.map(predict));
      const asked = { instances: rows, params: { predict_method: 'predict_proba' } };
      const answer = await post('/invocations', asked, proba ? 200 : 422);
      if (proba) expectNear(answer.predictions, proba(predictions));
      else expect(answer.message).to.include('this model answers no probabilities');
    });

    it('answers by the Open Inference Protocol', async () => {
      const { outputs } = await infer();
      expect(outputs.map((output: Tensor) => output.name)).to.deep.equal(tensors.map((tensor) => tensor.name));
      for (const [index, { datatype, width, of }] of tensors.entries()) {
        const { data, ...others } = outputs[index];
        expect(others).to.deep.include({ datatype, shape: width ? [rows.length, width] : [rows.length] });
        expectNear(data, predictions.map(of));
      }
      expect((await get(`/v2/models/${name}`)).outputs).to.deep.equal(
        tensors.map(({ name, datatype, width }) => ({ name, datatype, shape: width ? [-1, width] : [-1] })),
      );
    });

    it('answers each tensor by its name and its alias, and as binary data', async () => {
      for (const { name: own, alias, datatype, of } of tensors) {
        for (const asked of alias ? [own, alias] : [own]) {
          const { outputs } = await infer({ outputs: [{ name: asked }] });
          expect(outputs.map((output: Tensor) => output.name)).to.deep.equal([asked]);
          expectNear(outputs[0].data, predictions.map(of));
        }
        const request = binaryRequest(rows, { outputs: [{ name: own, parameters: { binary_data: true } }] });
        const headers = { 'content-type': 'application/octet-stream', ...request.headers };
        const { bytes, headers: answered } = await send({ path: `/v2/models/${name}/infer`, ...request, headers });
        const length = Number(answered['inference-header-content-length']);
        expectNear(readAll(bytes.subarray(length), datatype), predictions.map(of));
      }
    });

    it('answers as its OpenAPI document says, and accepts its own example requests', async () => {
      const { components, paths } = await get('/openapi.json');
      const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'api', components });
      const documents = {
        '/predict': ['PredictResponse', await post('/predict', rows)],
        '/invocations': ['MlflowResponse', await post('/invocations', { instances: rows })],
        '/v2/models/{model}/infer': ['InferResponse', await infer()],
        '/model': ['Model', await get('/model')],
      } as const;
      for (const [path, [schema, document]] of Object.entries(documents)) {
        expect(paths, path).to.have.property(path);
        const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
        expect(validate?.(document), `${path} ${JSON.stringify(validate?.errors)}`).to.equal(true);
      }
      for (const request of toExampleRequests(model.manifest)) await send(request);
      expect((await send({ method: 'GET', path: '/' })).body).to.include('"outputs"');
    });

    it('counts its predictions by label', async () => {
      const { lines } = await send({ path: '/predict', body: JSON.stringify(rows) });
      const counts = lines.flatMap((line) => ('Predictions' in line ? [[line.class, line.Predictions]] : []));
      expect(counts.map(([key]) => key)).to.deep.equal(counted);
      const targets = name === 'targets' ? 2 : counted.length > 0 ? 1 : 0;
      expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).to.equal(targets * rows.length);
      expect('LowConfidence' in (lines[0] ?? {})).to.equal(isConfident === true);
      // An answer with labels alone counts the same rows of low confidence.
      const alone = await send({ path: '/invocations', body: JSON.stringify({ instances: rows }) });
      expect(alone.lines[0]?.LowConfidence).to.equal(lines[0]?.LowConfidence);
    });
  });
}
