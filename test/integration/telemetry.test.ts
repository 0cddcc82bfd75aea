import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import { readEvent } from '../helpers/files.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { runNode } from '../helpers/process.ts';
import { createService } from '../helpers/service.ts';

const json = { 'content-type': 'application/json' };
const predictEvent = (body: string) => createHttpEvent({ path: '/predict', headers: json, body });

async function observe(handler: Handler, event: unknown, requestId = 'request-1') {
  const run = () => handler(event, createContext(requestId)).catch((error: Error) => error);
  const { result, lines, others } = await captureOutput(run);
  // Any other line would be a warning of Powertools: of a flush without metrics, or of keys that it drops.
  expect(others).to.deep.equal([]);
  return { result, ...sortLines(lines) };
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: string[][];
  readonly Metrics: { Name: string; Unit: string }[];
}

interface MetricDocument {
  readonly _aws: {
    CloudWatchMetrics: [Directive, ...Directive[]];
  };
}

const classRows = (document: Record<string, unknown>) => ({ [String(document.class)]: document.Predictions });

const unitsOf = (document: unknown) => {
  const [{ Metrics }] = (document as MetricDocument)._aws.CloudWatchMetrics;
  return Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, Unit]));
};

/** The time that a slow model takes for each step, in milliseconds. */
const rest = 30;

async function afterRest<T>(then: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, rest));
  return then();
}

/** Outputs that take a while to read, so that encoding takes as long as that of a long answer. */
function slowToRead(fetches: Tensors): Tensors {
  return new Proxy(fetches, {
    get(target, name: string) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, rest);
      return target[name];
    },
  });
}

describe('telemetry', () => {
  let model: Model;
  let handler: Handler;
  const failing = (): Model => ({ ...model, run: () => Promise.reject(new Error('out of memory')) });
  const fails = () => createService(failing());

  before(async () => {
    model = await loadModel('models', 'iris');
  });
  beforeEach(() => {
    handler = createService(model);
  });

  it('logs one line for each request, with its stages and its ids', async () => {
    const { logs } = await observe(handler, predictEvent('[[5.1,3.5,1.4,0.2],[5.7,2.8,4.5,1.3]]'), 'lambda-1');
    expect(logs).to.have.length(1);
    expect(logs[0]).to.include({
      level: 'INFO',
      message: 'request',
      service: 'sepal',
      cold_start: true,
      correlation_id: 'gateway-1',
      function_request_id: 'lambda-1',
      route: 'POST /predict',
      protocol: 'native',
      status: 200,
      rows: 2,
      model: 'iris',
      model_version: '1.0.0',
    });
    const stages = ['decode_ms', 'inference_ms', 'encode_ms'].map((stage) => logs[0]?.[stage] as number);
    for (const stage of stages) expect(stage).to.be.greaterThan(0);
    expect(logs[0]?.duration_ms).to.be.at.least(stages.reduce((sum, stage) => sum + stage));
  });

  it('emits one document of metrics for each request, with units and dimensions', async () => {
    const { metrics } = await observe(handler, predictEvent('[[5.1,3.5,1.4,0.2],[5.7,2.8,4.5,1.3]]'));
    const [{ Namespace, Dimensions }] = (metrics[0] as unknown as MetricDocument)._aws.CloudWatchMetrics;
    expect([Namespace, Dimensions]).to.deep.equal(['Sepal', [['service', 'model']]]);
    expect(unitsOf(metrics[0])).to.deep.equal({
      RequestLatency: 'Milliseconds',
      InferenceLatency: 'Milliseconds',
      Rows: 'Count',
      ClientError: 'Count',
      ServerError: 'Count',
      RowsOutOfRange: 'Count',
      UnseenCategories: 'Count',
      LowConfidence: 'Count',
      ColdStart: 'Count',
      InitDuration: 'Milliseconds',
    });
    expect(metrics[0]).to.include({
      service: 'sepal',
      model: 'iris',
      Rows: 2,
      ClientError: 0,
      ServerError: 0,
      RowsOutOfRange: 0,
      UnseenCategories: 0,
      LowConfidence: 0,
      ColdStart: 1,
    });
    expect(metrics[0]?.InitDuration).to.be.a('number').that.is.within(0, 60_000);
  });

  it('counts the rows of one class in the document of the request, and of each further class in a document of its own', async () => {
    const one = await observe(handler, predictEvent('[[5.1,3.5,1.4,0.2],[5.1,3.5,1.4,0.2]]'));
    expect(one.metrics.map(classRows)).to.deep.equal([{ setosa: 2 }]);
    const rows = '[[5.7,2.8,4.5,1.3],[5.1,3.5,1.4,0.2],[5.7,2.8,4.5,1.3],[6.3,3.3,6,2.5]]';
    const { metrics } = await observe(handler, predictEvent(rows));
    expect(metrics.map(classRows)).to.deep.equal([{ setosa: 1 }, { versicolor: 2 }, { virginica: 1 }]);
    expect(metrics.filter((document) => 'RequestLatency' in document)).to.have.length(1);
    for (const document of metrics) {
      const directives = (document as unknown as MetricDocument)._aws.CloudWatchMetrics;
      const predictions = directives.filter(({ Metrics }) => Metrics.some(({ Name }) => Name === 'Predictions'));
      expect(predictions).to.deep.equal([
        {
          Namespace: 'Sepal',
          Dimensions: [['service', 'model', 'class']],
          Metrics: [{ Name: 'Predictions', Unit: 'Count' }],
        },
      ]);
    }
  });

  it('counts rows that training did not see, and rows of low confidence', async () => {
    const rows = '[[9,9,1.4,0.2],[5.1,3.5,1.4,0.2],[5.1,3.5,1.4,-1]]';
    expect((await observe(handler, predictEvent(rows))).metrics[0]).to.include({
      RowsOutOfRange: 2,
      UnseenCategories: 0,
    });
    const unsure = createService(model, { lowConfidence: 0.9 });
    const { metrics } = await observe(unsure, [
      [5.1, 3.5, 1.4, 0.2],
      [5.7, 2.8, 4.5, 1.3],
    ]);
    expect(metrics[0]).to.include({ LowConfidence: 1 });
    const churn = createService(await loadModel('models', 'churn'));
    const customers = [
      ['monthly', 'barter', 'North', 5, 40, 1, true],
      ['monthly', 'barter', 'Moon', 5, 40, 1, true],
      ['monthly', null, 'North', 5, null, 1, true],
    ];
    const { metrics: seen } = await observe(churn, customers);
    expect(seen[0]).to.include({ RowsOutOfRange: 0, UnseenCategories: 2 });
  });

  it('leaves the rows of a probe out of the metrics of the model', async () => {
    const event = createHttpEvent({
      path: '/predict',
      headers: { 'content-type': 'application/json', 'sepal-probe': '1' },
      body: '[9,9,1.4,0.2]',
    });
    const { logs, metrics } = await observe(handler, event);
    expect(logs[0]).to.include({ rows: 1 });
    expect(metrics[0]).not.to.have.any.keys('Rows', 'RowsOutOfRange', 'Predictions', 'LowConfidence');
  });

  it('emits the drift of each feature when a window is full, and not before', async () => {
    const windowed = createService(model, { driftWindowRows: 3 });
    const drift = async (rows: number[][]) => {
      const { metrics } = await observe(windowed, rows);
      return metrics.filter((document) => 'PopulationStability' in document);
    };
    const row = [5.1, 3.5, 1.4, 0.2];
    expect(await drift([row, row])).to.deep.equal([]);
    const documents = await drift([row]);
    expect(documents.map(({ feature }) => feature)).to.deep.equal(model.manifest.features.map(({ name }) => name));
    for (const document of documents) {
      expect(unitsOf(document)).to.deep.equal({ PopulationStability: 'None' });
      expect(document.PopulationStability).to.be.a('number').that.is.greaterThan(0);
    }
    expect(await drift([row, row])).to.deep.equal([]);
    expect(await drift([row, row, row, row, row, row])).to.have.length(4);
  });

  it('emits no metrics of rows for a request without predictions', async () => {
    for (const event of [predictEvent('[5.1]'), createHttpEvent({ method: 'GET', path: '/health' })]) {
      const { metrics } = await observe(handler, event);
      expect(metrics).to.have.length(1);
      expect(metrics[0]).not.to.have.any.keys('Predictions', 'RowsOutOfRange', 'UnseenCategories', 'LowConfidence');
    }
  });

  it('writes the names of classes as CloudWatch accepts them', async () => {
    const classes = ['Île 🏝', '\n', 'x'.repeat(300)];
    const manifest = { ...model.manifest, classes } as Model['manifest'];
    const { metrics } = await observe(createService({ ...model, manifest }), [
      [5.1, 3.5, 1.4, 0.2],
      [5.7, 2.8, 4.5, 1.3],
      [6.3, 3.3, 6, 2.5],
    ]);
    expect(metrics.map((document) => document.class)).to.deep.equal([
      '\\u00cele \\ud83c\\udfdd',
      '\\u000a',
      'x'.repeat(250),
    ]);
  });

  it('measures the inference alone, and the whole request around it', async () => {
    const slow = createService({ ...model, run: async (feeds) => slowToRead(await afterRest(() => model.run(feeds))) });
    const { logs, metrics } = await observe(slow, predictEvent('[5.1,3.5,1.4,0.2]'));
    const { inference_ms: inference, encode_ms: encode } = logs[0] as Record<string, number>;
    expect(inference).to.be.at.least(rest - 1);
    expect(encode).to.be.at.least(2 * rest - 1);
    expect(metrics[0]?.InferenceLatency).to.equal(inference);
    expect(metrics[0]?.RequestLatency).to.be.at.least(Number(inference) + Number(encode));
  });

  it('logs the pattern of a route, and not the path that the client sent', async () => {
    const path = '/v2/models/iris/versions/1.0.0/infer';
    const tensor = { name: 'X', shape: [1, 4], datatype: 'FP64', data: [5.1, 3.5, 1.4, 0.2] };
    const event = createHttpEvent({ path, headers: json, body: JSON.stringify({ inputs: [tensor] }) });
    const { logs } = await observe(handler, event);
    expect(logs[0]).to.include({ route: 'POST /v2/models/{model}/versions/{version}/infer', status: 200 });
    const refused = await observe(handler, createHttpEvent({ method: 'GET', path: '/v2/models/rose' }));
    expect(refused.logs[0]).to.include({ route: 'GET /v2/models/{model}', status: 404 });
  });

  it('follows the configuration', async () => {
    const quiet = createService(model, {
      logLevel: 'WARN',
      metricsNamespace: 'Garden',
      service: 'flowers',
      startType: 'provisioned-concurrency',
    });
    const { logs, metrics } = await observe(quiet, predictEvent('[5.1,3.5,1.4,0.2]'));
    expect(logs).to.deep.equal([]);
    expect(metrics[0]).to.include({ service: 'flowers' });
    expect(metrics[0]).not.to.have.property('ColdStart');
    expect(metrics[0]).to.have.nested.property('_aws.CloudWatchMetrics[0].Namespace', 'Garden');
  });

  it('writes shorter metric lines at a level above INFO, without the fields of the request and with all its metrics', async () => {
    const event = predictEvent('[[5.1,3.5,1.4,0.2],[5.7,2.8,4.5,1.3]]');
    const [full, sparse] = [
      await observe(handler, event),
      await observe(createService(model, { logLevel: 'WARN' }), event),
    ];
    const directivesOf = (document: unknown) => (document as MetricDocument)._aws.CloudWatchMetrics;
    expect(sparse.metrics.map(directivesOf)).to.deep.equal(full.metrics.map(directivesOf));
    for (const line of sparse.metrics) {
      const told = directivesOf(line).flatMap(({ Dimensions, Metrics }) => [
        ...Dimensions.flat(),
        ...Metrics.map(({ Name }) => Name),
      ]);
      expect(line).to.have.all.keys('_aws', ...told);
    }
    const { logs } = await observe(createService(failing(), { logLevel: 'WARN' }), event);
    expect(logs.map(({ message }) => message)).to.deep.equal(['fault']);
  });

  it('reports a cold start once', async () => {
    await observe(handler, predictEvent('[5.1,3.5,1.4,0.2]'));
    const { logs, metrics } = await observe(handler, predictEvent('[5.1,3.5,1.4,0.2]'));
    expect(logs[0]).to.include({ cold_start: false });
    expect(metrics[0]).not.to.have.any.keys('ColdStart', 'InitDuration');
  });

  it('takes the time of the start before anything else is imported', () => {
    const [first] = /^import .*$/m.exec(readFileSync('functions/predict/start/start.ts', 'utf8')) ?? [];
    expect(first).to.equal("import './started-at.ts';");
  });

  it('logs the status of the answer', async () => {
    const get = { method: 'GET', path: '/model' };
    const { result } = await observe(handler, createHttpEvent(get));
    const { etag = '' } = (result as { headers: Record<string, string> }).headers;
    const { logs } = await observe(handler, createHttpEvent({ ...get, headers: { 'if-none-match': etag } }));
    expect(logs[0]).to.include({ route: 'GET /model', status: 304 });
  });

  it('counts an error of the client, and names it', async () => {
    const { logs, metrics } = await observe(handler, predictEvent('[5.1]'));
    expect(logs).to.have.length(1);
    expect(logs[0]).to.include({ level: 'INFO', status: 422, error_name: 'InvalidInput' });
    expect(metrics).to.have.length(1);
    expect(metrics[0]).to.include({ ClientError: 1, ServerError: 0 });
    expect(metrics[0]).not.to.have.any.keys('Rows', 'InferenceLatency');
  });

  it('logs a fault in full, answers without its details and still flushes once', async () => {
    const { result, logs, metrics } = await observe(fails(), predictEvent('[5.1,3.5,1.4,0.2]'));
    expect(result).to.have.property('statusCode', 500);
    expect(JSON.stringify(result)).not.to.include('out of memory');
    expect(logs.map(({ level }) => level)).to.deep.equal(['ERROR', 'INFO']);
    expect(logs[0]).to.have.nested.property('error.message', 'out of memory');
    expect(logs[0]).to.have.nested.property('error.stack').that.includes('telemetry.test.ts');
    expect(logs[0]).to.include({ correlation_id: 'gateway-1' });
    expect(metrics).to.have.length(1);
    expect(metrics[0]).to.include({ ClientError: 0, ServerError: 1 });
    const thrower = createService({ ...model, run: () => Promise.reject('no error') });
    expect((await observe(thrower, [5.1, 3.5, 1.4, 0.2])).logs[0]).to.have.nested.property('error.message', 'no error');
  });

  it('counts an event of another service as a client error, and logs no fault', async () => {
    for (const name of ['sqs', 'web-socket', 'event-bridge']) {
      const { result, logs, metrics } = await observe(handler, readEvent(`other/${name}`));
      expect(result).to.be.an.instanceOf(Error).with.property('name', 'UnsupportedEvent');
      expect(logs).to.have.length(1);
      expect(logs[0]).to.include({ level: 'INFO', route: 'none', status: 422, error_name: 'UnsupportedEvent' });
      expect(metrics).to.have.length(1);
      expect(metrics[0]).to.include({ ClientError: 1, ServerError: 0 });
    }
  });

  it('logs a ping as such, and counts no rows', async () => {
    const { logs, metrics } = await observe(handler, readEvent('warm-up'));
    expect(logs).to.have.length(1);
    expect(logs[0]).to.include({ level: 'INFO', route: 'warm-up', status: 200 });
    expect(metrics).to.have.length(1);
    expect(metrics[0]).to.include({ ClientError: 0, ServerError: 0 }).and.not.to.have.property('Rows');
  });

  it('rejects a direct invocation that fails without the details of the fault', async () => {
    const { result, metrics } = await observe(fails(), [5.1, 3.5, 1.4, 0.2]);
    expect(result).to.be.an.instanceOf(Error).with.property('name', 'InternalError');
    expect((result as Error).stack).not.to.include('out of memory');
    expect(metrics).to.have.length(1);
  });

  it('contains no value of a feature, whether the value is valid or not', async () => {
    const bodies = [
      '[5.4321,3.5,1.4,0.2]',
      '[5.4321,"secret"]',
      '{"sepal_length":5.4321}',
      '[5.4321,1e400,1,1]',
      '5.4321',
    ];
    for (const body of bodies) {
      const { logs, metrics } = await observe(handler, predictEvent(body));
      expect(JSON.stringify([logs, metrics])).not.to.match(/5\.4321|secret/);
      const direct = await observe(handler, JSON.parse(body));
      expect(JSON.stringify([direct.logs, direct.metrics])).not.to.match(/5\.4321|secret/);
      if (direct.result instanceof Error) expect(direct.result.stack).not.to.match(/5\.4321|secret/);
    }
  });

  it('keeps the lines of concurrent requests apart', async () => {
    const ids = ['a', 'b', 'c'];
    const { lines } = await captureOutput(() =>
      Promise.all(ids.map((id) => handler([5.1, 3.5, 1.4, 0.2], createContext(id)))),
    );
    const { logs, metrics } = sortLines(lines);
    expect(logs.map((log) => log.correlation_id)).to.have.members(ids);
    for (const log of logs) expect(log.function_request_id).to.equal(log.correlation_id);
    expect(logs.filter((log) => log.cold_start)).to.have.length(1);
    expect(metrics.filter((document) => 'ColdStart' in document)).to.have.length(1);
    expect(metrics).to.have.length(3);
  });

  it("leaves nothing of a request for the next one's lines", async () => {
    await observe(handler, predictEvent('[5.1]'));
    const { logs } = await observe(handler, [5.1, 3.5, 1.4, 0.2], 'lambda-2');
    expect(logs[0]).to.include({ correlation_id: 'lambda-2', route: 'direct', protocol: 'direct', status: 200 });
    expect(logs[0]).not.to.have.property('error_name');
  });
});

describe("ONNX Runtime's own telemetry", () => {
  it('keeps no database in the home folder of a process that predicts', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sepal-home-'));
    try {
      const { code, stdout } = await runNode('test/helpers/predict-once.ts', { HOME: home });
      expect([code, stdout]).to.deep.equal([0, 'setosa\n']);
      // If its telemetry is on, ONNX Runtime writes .cache/Microsoft/DeveloperTools/.onnxruntime here.
      expect(readdirSync(home)).to.deep.equal([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
