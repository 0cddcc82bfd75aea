import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { Class } from '../../functions/core/model/classes.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import { binaryRequest } from '../helpers/binary.ts';
import { readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { createService } from '../helpers/service.ts';

const directory = 'test/fixtures/classes';

interface Expected {
  readonly classes: readonly Class[];
  /** The classes as they are written in CSV. */
  readonly cells: readonly string[];
  readonly datatype: string;
  readonly schema: string;
  /** Reads the next element of binary data, and returns its value and its size in bytes. */
  readonly read: (bytes: Buffer, at: number) => readonly [value: Class, size: number];
}

/** What to expect from each package that test/fixtures/classes.py exported. */
const packages: Readonly<Record<string, Expected>> = {
  integers: {
    classes: [-7, 0, 1, 9, 10],
    cells: ['-7', '0', '1', '9', '10'],
    datatype: 'INT64',
    schema: 'integer',
    read: (bytes, at) => [Number(bytes.readBigInt64LE(at)), 8],
  },
  booleans: {
    classes: [false, true],
    cells: ['false', 'true'],
    datatype: 'BOOL',
    schema: 'boolean',
    read: (bytes, at) => [bytes.readUInt8(at) === 1, 1],
  },
  fractions: {
    classes: [-1.5, 0, 0.5, 2],
    cells: ['-1.5', '0', '0.5', '2'],
    datatype: 'FP64',
    schema: 'number',
    read: (bytes, at) => [bytes.readDoubleLE(at), 8],
  },
  texts: {
    classes: ['-1', '-a', '10', '9', '<b>,"', '=1+1', '__proto__', 'constructor'],
    cells: ['-1', "'-a", '10', '9', '<b>,"', "'=1+1", '__proto__', 'constructor'],
    datatype: 'BYTES',
    schema: 'string',
    read: (bytes, at) => {
      const size = 4 + bytes.readUInt32LE(at);
      return [bytes.toString('utf8', at + 4, at + size), size];
    },
  },
};

for (const [name, { classes, cells, datatype, schema, read }] of Object.entries(packages)) {
  describe(`a model whose classes are ${name}`, () => {
    let model: Model;
    let handler: Handler;
    const { instances, predictions } = readGolden(name, directory);
    const rows = instances as number[][];
    const labels = predictions.map((prediction) => 'label' in prediction && prediction.label);
    const probabilities = predictions.map((prediction) =>
      classes.map((value) => ('label' in prediction && prediction.probabilities?.[String(value)]) as number),
    );

    const send = async (request: TestRequest) => {
      const event = createHttpEvent({
        ...request,
        headers: { 'content-type': 'application/json', ...request.headers },
      });
      const { result, lines } = await captureOutput(() => handler(event, createContext('classes')));
      const response = fromHttpResponse(result);
      expect(response.status, response.body).to.equal(200);
      return { ...response, lines };
    };
    const post = async (path: string, body: unknown) =>
      JSON.parse((await send({ path, body: JSON.stringify(body) })).body);
    const get = async (path: string) => JSON.parse((await send({ method: 'GET', path })).body);
    const expectNear = (actual: readonly number[]) =>
      probabilities.flat().forEach((value, index) => {
        expect(actual[index], `element ${index}`).to.be.closeTo(value, 1e-9);
      });

    before(async () => {
      model = await loadModel(directory, name);
      handler = createService(model);
    });

    it('has labels of every class', () => {
      expect(model.manifest).to.have.property('classes').that.deep.equals(classes);
      expect(new Set(labels)).to.deep.equal(new Set(classes));
    });

    it('answers them directly', async () => {
      const { result } = await captureOutput(() => handler(rows, createContext('classes')));
      expectSamePredictions((result as { predictions: Prediction[] }).predictions, predictions, 1e-9);
    });

    it('answers them as JSON', async () => {
      const answer = await post('/predict', rows);
      expect(answer.predictions.map(({ label }: { label: Class }) => label)).to.deep.equal(labels);
      expectSamePredictions(answer.predictions, predictions, 1e-9);
    });

    it('answers them as CSV, in the order of the classes', async () => {
      const { body } = await send({ path: '/predict', headers: { accept: 'text/csv' }, body: JSON.stringify(rows) });
      const [header, ...records] = parse(body) as string[][];
      expect(header).to.deep.equal(['label', ...cells]);
      expect(records.map(([label]) => label)).to.deep.equal(labels.map((label) => cells[classes.indexOf(label)]));
      expectNear(records.flatMap((record) => record.slice(1).map(Number)));
    });

    it('answers them to MLflow', async () => {
      expect(await post('/invocations', { instances: rows })).to.deep.equal({ predictions: labels });
      const params = { predict_method: 'predict_proba' };
      expectNear((await post('/invocations', { instances: rows, params })).predictions.flat());
    });

    it('answers them by the Open Inference Protocol, as JSON', async () => {
      const input = { name: 'X', shape: [rows.length, 2], datatype: 'FP64', data: rows };
      const { outputs } = await post(`/v2/models/${name}/infer`, { inputs: [input] });
      expect(outputs[0]).to.deep.equal({ name: 'label', datatype, shape: [rows.length], data: labels });
      expectNear(outputs[1].data);
      const [output] = (await get(`/v2/models/${name}`)).outputs;
      expect(output).to.deep.equal({ name: 'label', datatype, shape: [-1] });
    });

    it('answers them by the Open Inference Protocol, as binary data', async () => {
      const request = binaryRequest(rows, { outputs: [{ name: 'label', parameters: { binary_data: true } }] });
      const headers = { 'content-type': 'application/octet-stream', ...request.headers };
      const { bytes, headers: answered } = await send({ path: `/v2/models/${name}/infer`, ...request, headers });
      const length = Number(answered['inference-header-content-length']);
      const [output] = JSON.parse(bytes.toString('utf8', 0, length)).outputs;
      expect(output).to.deep.include({ datatype, parameters: { binary_data_size: bytes.length - length } });
      const values: Class[] = [];
      for (let at = length; at < bytes.length; ) {
        const [value, size] = read(bytes, at);
        values.push(value);
        at += size;
      }
      expect(values).to.deep.equal(labels);
    });

    it('describes them', async () => {
      const { components, paths } = await get('/openapi.json');
      expect(components.schemas.Label).to.deep.equal({ type: schema, enum: classes });
      expect(Object.keys(components.schemas.Prediction.properties.probabilities.properties)).to.have.members(
        classes.map(String),
      );
      const { example } = paths['/predict'].post.responses[200].content['application/json'].examples;
      expect(classes).to.include(example.value.predictions[0].label);
      expect((await get('/model')).classes).to.deep.equal(classes);
    });

    it('counts them by name', async () => {
      const { lines } = await send({ path: '/predict', body: JSON.stringify(rows) });
      const counted = lines.flatMap((line) => ('Predictions' in line ? [[line.class, line.Predictions]] : []));
      const expected = classes.map((value) => [String(value), labels.filter((label) => label === value).length]);
      expect(counted).to.deep.equal(expected);
    });
  });
}
