import { expect } from 'chai';
import { handler } from '../../functions/predict/app.ts';
import { createContext } from '../../local/context.ts';
import { describeBehaviour } from '../helpers/behaviour.ts';
import { createLoadBalancerEvent, createRestEvent, fromLoadBalancerAnswer } from '../helpers/door-events.ts';
import { readEvent } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';

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

  it('answers a problem under the id of the gateway, or of the invocation', async () => {
    const bare = (await invoke({ body: '' })) as { body: string };
    expect(JSON.parse(bare.body).instance).to.equal('request-1');
    const http = (await invoke(createHttpEvent({ path: '/predict', body: '' }))) as { body: string };
    expect(JSON.parse(http.body).instance).to.equal('gateway-1');
  });

  it('rejects bad input with a named error that lists what is wrong and has no trace', async () => {
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
});
