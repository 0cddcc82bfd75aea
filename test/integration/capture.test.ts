import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { CaptureConfig } from '../../functions/predict/config.ts';
import { createCapture } from '../../functions/predict/telemetry/capture.ts';
import { createContext } from '../../local/context.ts';
import { createHttpEvent, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { credentials, type FakeS3, type Mood, patientMs, startS3 } from '../helpers/s3.ts';
import { createService } from '../helpers/service.ts';

const json = { 'content-type': 'application/json' };
const row = [5.1, 3.5, 1.4, 0.2];

describe('capture', () => {
  let model: Model;
  let s3: FakeS3 | undefined;

  before(async () => {
    model = await loadModel('models', 'iris');
  });
  afterEach(async () => {
    await s3?.stop();
    s3 = undefined;
  });

  const start = async (mood?: Mood, bucket?: string): Promise<CaptureConfig> => {
    s3 = await startS3(mood, bucket);
    return s3.config;
  };
  const send = async (
    event: unknown,
    capture: CaptureConfig,
    captureRedact: string[] = [],
    requestId = 'request-1',
    timeoutMs?: number,
  ) => {
    const stores = await createCapture({ capture, captureRedact }, model.manifest, timeoutMs ?? patientMs);
    const handler = createService(model, {}, stores);
    const { result, lines, others } = await captureOutput(() => handler(event, createContext(requestId)));
    expect(others).to.deep.equal([]);
    return { result, ...sortLines(lines) };
  };
  const stored = () => (s3?.objects ?? []).map(({ body }) => JSON.parse(body));

  it('keeps the rows and predictions of a request under its model, day and id', async () => {
    const { result, logs } = await send([row, [5.7, 2.8, 4.5, 1.3]], await start());
    expect(logs.map(({ message }) => message)).to.deep.equal(['request']);
    const [object] = s3?.objects ?? [];
    const [document] = stored();
    const [day] = document.timestamp.split('T');
    expect(object?.path).to.equal(`/kept/iris/${day.replaceAll('-', '/')}/request-1.json`);
    expect(object?.headers).to.include({ 'content-type': 'application/json', connection: 'close' });
    expect(Date.now() - Date.parse(document.timestamp)).to.be.within(0, 60_000);
    const { predictions } = result as { predictions: object[] };
    expect(document).to.deep.equal({
      request_id: 'request-1',
      timestamp: document.timestamp,
      model: 'iris',
      model_version: '1.0.0',
      rows: 2,
      redacted: [],
      instances: [
        { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 },
        { sepal_length: 5.7, sepal_width: 2.8, petal_length: 4.5, petal_width: 1.3 },
      ],
      predictions,
    });
  });

  it('keeps the label and the confidence for each of several targets if the answer has labels alone', async () => {
    const answers = await loadModel('test/fixtures/answers', 'targets');
    const capture = await start();
    const stores = await createCapture({ capture, captureRedact: [] }, answers.manifest, patientMs);
    const handler = createService(answers, {}, stores);
    const ask = (path: string) =>
      handler(
        createHttpEvent({ path, headers: json, body: JSON.stringify({ instances: [[0, 0]] }) }),
        createContext('request-1'),
      );
    await captureOutput(() => ask('/invocations'));
    await captureOutput(() => ask('/predict'));
    const [alone, whole] = stored().map(({ predictions: [prediction] }) => prediction);
    const largest = Object.entries<Record<string, number>>(whole.probabilities).map(([target, byClass]) => [
      target,
      Math.max(...Object.values(byClass)),
    ]);
    expect(alone).to.deep.equal({ labels: whole.labels, confidence: Object.fromEntries(largest) });
  });

  it('keeps rows and predictions in the same form for every protocol', async () => {
    const record = { petal_width: 0.2, petal_length: 1.4, sepal_width: 3.5, sepal_length: 5.1 };
    const requests: TestRequest[] = [
      { path: '/predict', headers: json, body: JSON.stringify(row) },
      { path: '/predict', headers: json, body: JSON.stringify(record) },
      { path: '/predict', headers: { 'content-type': 'text/csv' }, body: row.join() },
      { path: '/invocations', headers: json, body: JSON.stringify({ inputs: [row] }) },
      {
        path: '/v2/models/iris/infer',
        headers: json,
        body: JSON.stringify({ inputs: [{ name: 'X', shape: [1, 4], datatype: 'FP64', data: row }] }),
      },
    ];
    const config = await start();
    for (const request of requests) await send(createHttpEvent(request), config);
    expect(stored()).to.have.length(requests.length);
    for (const { instances, predictions, request_id } of stored()) {
      expect(request_id).to.equal('gateway-1');
      expect(instances).to.deep.equal([record]);
      expect(predictions[0].label).to.equal('setosa');
    }
  });

  it('keeps each label and its probability if the answer has labels alone', async () => {
    const config = await start();
    await send(
      createHttpEvent({ path: '/invocations', headers: json, body: JSON.stringify({ inputs: [row] }) }),
      config,
    );
    const [{ predictions }] = stored();
    expect(predictions).to.have.length(1);
    expect(predictions[0]).to.have.all.keys('label', 'confidence');
    expect(predictions[0].confidence).to.be.closeTo(0.9847, 1e-4);
  });

  it('keeps nothing of a request that has no predictions', async () => {
    const config = await start();
    const { logs } = await send(createHttpEvent({ path: '/predict', headers: json, body: '[5.1]' }), config);
    await send(createHttpEvent({ method: 'GET', path: '/model' }), config);
    expect([logs.length, stored().length]).to.deep.equal([1, 0]);
  });

  it('writes null for each redacted feature of arrays and records, and lists these features', async () => {
    const config = await start();
    await send([row], config, ['petal_width', 'sepal_length']);
    await send({ sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 }, config, [
      'petal_width',
      'sepal_length',
    ]);
    for (const { instances, redacted } of stored()) {
      expect(instances).to.deep.equal([{ sepal_length: null, sepal_width: 3.5, petal_length: 1.4, petal_width: null }]);
      expect(redacted).to.deep.equal(['petal_width', 'sepal_length']);
    }
    expect(JSON.stringify(s3?.objects)).not.to.match(/5\.1\b/);
  });

  it('keeps the first thousand rows of a long request, and the number of all its rows', async () => {
    await send(new Array(1001).fill(row), await start());
    const [{ rows, instances, predictions }] = stored();
    expect([rows, instances.length, predictions.length]).to.deep.equal([1001, 1000, 1000]);
  });

  it('keeps a share of the requests, and decides alike for a request that is repeated', async () => {
    const config = { ...(await start()), rate: 0.25 };
    const ids = Array.from({ length: 200 }, (_, index) => `request-${index}`);
    for (const id of [...ids, ...ids]) await send(row, config, [], id);
    const kept = stored().map(({ request_id }) => request_id);
    const first = kept.slice(0, kept.length / 2);
    expect(first.length / ids.length).to.be.closeTo(0.25, 0.1);
    expect(kept.slice(first.length)).to.deep.equal(first);
  });

  it('stores requests of any id, with a valid signature and only in the folder of the day', async () => {
    const config = await start();
    for (const id of ['JKJaXmPLvHcESHA=', '../../../other/a b?c#d%2e', 'x'.repeat(3000)])
      await send(row, config, [], id);
    const names = s3?.objects.map(({ path }) => path.split('/'));
    expect(names?.map((parts) => [parts.length, parts.at(-1)])).to.deep.equal([
      [7, 'JKJaXmPLvHcESHA=.json'],
      [7, '_________other_a_b_c_d_2e.json'],
      [7, `${'x'.repeat(200)}.json`],
    ]);
  });

  const failures: [what: string, mood: Mood, message: string, bucket?: string | undefined, timeoutMs?: number][] = [
    ['refuses', { status: 403, code: 'AccessDenied' }, 'S3 answered 403 AccessDenied'],
    ['has no such bucket', 'stores', 'S3 answered 404 NoSuchBucket', 'lost'],
    ['fails', { status: 503, code: 'SlowDown' }, 'S3 answered 503 SlowDown'],
    ['does not answer', 'hangs', 'S3 did not answer within 300 ms', undefined, 300],
    ['stops in its answer', 'hangs in its answer', 'S3 did not answer within 300 ms', undefined, 300],
  ];
  for (const [what, mood, message, bucket, timeoutMs] of failures) {
    it(`still answers, and warns, if S3 ${what}`, async () => {
      const config = await start(mood, bucket);
      const event = createHttpEvent({ path: '/predict', headers: json, body: '[5.1,3.5,1.4,0.2]' });
      const { result, logs, metrics } = await send(event, config, [], 'request-1', timeoutMs);
      expect(result).to.have.property('statusCode', 200);
      expect(logs.map(({ level, message: text }) => [level, text])).to.deep.equal([
        ['WARN', 'not captured'],
        ['INFO', 'request'],
      ]);
      expect(logs[0]).to.have.nested.property('error.message', message);
      expect(logs[0]).to.include({ correlation_id: 'gateway-1' });
      expect(JSON.stringify(logs)).not.to.match(/5\.1\b|INDEX_SIZE_ERR|wJalr/);
      expect(metrics).to.have.length(1);
      expect(metrics[0]).to.include({ ServerError: 0, ClientError: 0 });
    });
  }

  it('waits at most a second for S3 unless it is told otherwise', async () => {
    const capture = await createCapture({ capture: await start('hangs'), captureRedact: [] }, model.manifest);
    const answer = await captureOutput(() => createService(model, {}, capture)(row, createContext('request-1')));
    const [warning] = sortLines(answer.lines).logs;
    expect(warning).to.have.nested.property('error.message', 'S3 did not answer within 1000 ms');
  });

  it('still answers, and warns, if nothing listens or the key is wrong', async () => {
    const config = await start();
    const wrong = { ...config, credentials: { ...credentials, secretAccessKey: 'other' } };
    const { logs: refused } = await send(row, wrong);
    expect(refused[0]).to.have.nested.property('error.message', 'S3 answered 403 SignatureDoesNotMatch');
    await s3?.stop();
    const { result, logs } = await send(row, config);
    expect(result).to.have.property('predictions').that.has.length(1);
    expect(logs[0]).to.have.property('level', 'WARN');
    expect(logs[0]).to.have.nested.property('error.cause.code', 'ECONNREFUSED');
  });

  it('calls the AWS address of the bucket if no endpoint is configured', async () => {
    const { fetch } = globalThis;
    const addresses: string[] = [];
    globalThis.fetch = async (address) => {
      addresses.push(String(address));
      return new Response();
    };
    try {
      const config = { ...(await start()), endpoint: undefined };
      for (const region of ['eu-west-1', 'cn-north-1']) await send(row, { ...config, region });
    } finally {
      globalThis.fetch = fetch;
    }
    expect(addresses.map((address) => new URL(address).host)).to.deep.equal([
      'kept.s3.eu-west-1.amazonaws.com',
      'kept.s3.cn-north-1.amazonaws.com.cn',
    ]);
    expect(addresses[0]).to.match(/\/iris\/\d{4}\/\d\d\/\d\d\/request-1\.json$/);
  });

  it('refuses to redact a feature that the model does not have, whether capture is on or off', async () => {
    for (const capture of [undefined, await start()]) {
      const error = await createCapture({ capture, captureRedact: ['petal_width', 'petals'] }, model.manifest).catch(
        (thrown: Error) => thrown,
      );
      expect(error).to.be.an.instanceOf(Error).with.property('name', 'ConfigError');
      expect((error as Error).message).to.match(
        /^CAPTURE_REDACT must name features of the model \(.*\), but names petals$/,
      );
    }
    expect(await createCapture({ capture: undefined, captureRedact: ['petal_width'] }, model.manifest)).to.equal(
      undefined,
    );
  });
});
