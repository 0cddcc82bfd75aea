import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { handler } from '../../functions/predict/start/app.ts';
import { createContext } from '../../local/context.ts';
import { describeBehaviour } from '../helpers/behaviour.ts';
import { createLoadBalancerEvent, createRestEvent, fromLoadBalancerAnswer } from '../helpers/door-events.ts';
import { readEvent } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { createService } from '../helpers/service.ts';

async function invoke(event: unknown): Promise<unknown> {
  return (await captureOutput(() => handler(event, createContext('request-1')))).result;
}

describeBehaviour('an HTTP API', async (request) => fromHttpResponse(await invoke(createHttpEvent(request))));
describeBehaviour('a REST API', async (request) => fromHttpResponse(await invoke(createRestEvent(request))), {
  compresses: false,
});
for (const isMultiValue of [false, true]) {
  describeBehaviour(
    `a load balancer ${isMultiValue ? 'with' : 'without'} multi-value headers`,
    async (request) =>
      fromLoadBalancerAnswer(await invoke(createLoadBalancerEvent(request, isMultiValue)), isMultiValue),
    { answerBytes: 1_000_000 },
  );
}

describe('a load balancer', () => {
  it('gets answers of at most 1 MB, the most that it passes on', async () => {
    const ask = (rows: number) => {
      const body = JSON.stringify(Array(rows).fill([5.1, 3.5, 1.4, 0.2]));
      const headers = { 'content-type': 'application/json' };
      return invoke(createLoadBalancerEvent({ path: '/predict', headers, body }, false));
    };
    const { detail } = JSON.parse(((await ask(20_000)) as { body: string }).body);
    const most = Number(/at most (\d+) rows/.exec(detail)?.[1]);
    const answer = await ask(most);
    expect(answer).to.have.property('statusCode', 200);
    expect(Buffer.byteLength(JSON.stringify(answer))).to.be.within(500_000, 1_000_000);
  });
});

describe('an invocation without HTTP', () => {
  it('answers a raw array, and raw rows, with the document itself', async () => {
    const row = (await invoke(readEvent('raw-array'))) as { predictions: { label: string }[] };
    expect(row.predictions.map(({ label }) => label)).to.deep.equal(['versicolor']);
    const rows = (await invoke(readEvent('raw-rows'))) as { predictions: { label: string }[] };
    expect(rows.predictions.map(({ label }) => label)).to.deep.equal(['setosa', 'versicolor']);
  });

  it('answers a bare base64 body as HTTP', async () => {
    const response = (await invoke(readEvent('bare-base64-body'))) as { statusCode: number; body: string };
    expect(response.statusCode).to.equal(200);
    expect(JSON.parse(response.body).predictions[0].label).to.equal('setosa');
  });

  it('answers a problem with the request id of the gateway, or else of the invocation', async () => {
    const bare = (await invoke({ body: '' })) as { body: string };
    expect(JSON.parse(bare.body).instance).to.equal('request-1');
    const http = (await invoke(createHttpEvent({ path: '/predict', body: '' }))) as { body: string };
    expect(JSON.parse(http.body).instance).to.equal('gateway-1');
  });

  it('rejects bad input with a named error that lists the problems and has no stack trace', async () => {
    const error = await invoke([
      [5.1, 3.5, 1.4, 0.2],
      [5.1, 'x'],
    ]).catch((thrown: Error) => thrown);
    expect(error).to.be.an.instanceOf(Error).with.property('name', 'InvalidInput');
    const message =
      'There is 1 problem with the rows; /1: expected 4 values (sepal_length, sepal_width, petal_length, petal_width), got 2';
    expect(error).to.have.property('message', message);
    expect(error).to.have.property('stack', `InvalidInput: ${message}`);
  });

  it('answers a ping without a prediction', async () => {
    for (const name of ['warm-up', 'schedule']) expect(await invoke(readEvent(name))).to.deep.equal({ status: 'ok' });
  });

  it('rejects an event of another service with a named error that has no stack trace', async () => {
    const error = await invoke(readEvent('other/sqs')).catch((thrown: Error) => thrown);
    const message =
      'Expected rows, or a request over HTTP, but got an event of Amazon SQS. ' +
      'Invoke the function with the rows alone, from a state machine, a pipe of EventBridge or a function of yours';
    expect(error).to.be.an.instanceOf(Error).with.property('name', 'UnsupportedEvent');
    expect(error).to.include({ message, stack: `UnsupportedEvent: ${message}` });
  });

  for (const [name, text] of [
    ['body', 'WzUuMSwzLjUsMS40LDAuMl0='],
    ['source', 'serverless-plugin-warmup'],
  ] as const) {
    it(`predicts a record whose only feature is called ${name}`, async () => {
      const original = 'test/fixtures/texts/reviews';
      await withPackage(async (directory) => {
        const manifest = readFileSync(join(original, 'model.json'), 'utf8').replaceAll('"review"', `"${name}"`);
        changeManifest(directory, JSON.parse(manifest), original);
        const handler = createService(await loadModel(directory, 'reviews'));
        const { result } = await captureOutput(() => handler({ [name]: text }, createContext('request-1')));
        expect(result).to.have.property('predictions').that.has.length(1);
      }, original);
    });
  }
});
