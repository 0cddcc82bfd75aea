import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import type { Handler } from '../../functions/predict/handler.ts';
import { handler as predict } from '../../functions/predict/start/app.ts';
import { createContext } from '../../local/context.ts';
import { createFront } from '../../local/dashboard/front.ts';
import type { LocalDoor } from '../../local/doors/door.ts';
import { functionUrl, httpApi } from '../../local/doors/http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from '../../local/doors/load-balancer.ts';
import { restApi } from '../../local/doors/rest-api.ts';
import { createGateway, Throttled } from '../../local/gateway.ts';
import type { Send } from '../helpers/behaviour.ts';
import { captureOutput } from '../helpers/output.ts';
import { createSend } from '../helpers/server.ts';

type Event = Parameters<Handler>[0] & { body?: string; requestContext: { requestId: string } };

/** Runs `use` against a new gateway in front of `handler`, and returns its result with all that was printed. */
async function withGateway<T>(
  handler: (event: Event, id: string) => unknown,
  use: (send: Send, port: number) => Promise<T>,
  door: LocalDoor = httpApi,
  front = createFront(),
) {
  const watched = front.watch(async (event, { awsRequestId }) => handler(event as Event, awsRequestId));
  const gateway = createGateway(watched, door, { answered: front.answered });
  const server = createServer(gateway).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await captureOutput(() =>
      use(
        createSend(() => `http://127.0.0.1:${port}`),
        port,
      ),
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const megabyte = 1024 * 1024;
const post = (size: number, fill: string) => ({
  path: '/',
  headers: { 'content-type': 'text/plain' },
  body: fill.repeat(size),
});

describe('the gateway', () => {
  it("passes on the handler's answer, and decodes its Base64", async () => {
    const answers = [
      { body: 'ä' },
      { statusCode: 201, body: 'w6Q=', isBase64Encoded: true, headers: { 'x-a': 'b' } },
      {},
    ];
    await withGateway(
      () => answers.shift(),
      async (send) => {
        expect(await send({ path: '/' })).to.deep.include({ status: 200, body: 'ä' });
        expect(await send({ path: '/' }))
          .to.deep.include({ status: 201, body: 'ä' })
          .and.nested.include({ 'headers.x-a': 'b' });
        expect(await send({ path: '/' })).to.deep.include({ status: 200, body: '' });
      },
    );
  });

  it('sends no length with an answer that must not have a body', async () => {
    const answers = [{ statusCode: 204 }, { statusCode: 304, headers: { etag: '"1"' } }, { headers: { etag: '"2"' } }];
    await withGateway(
      () => answers.shift(),
      async (send) => {
        for (const [method, status] of [['OPTIONS', 204] as const, ['GET', 304] as const, ['HEAD', 200] as const]) {
          const answer = await send({ method, path: '/' });
          expect(answer).to.include({ status, body: '' });
          expect(answer.headers).not.to.have.any.keys('content-length', 'transfer-encoding');
        }
      },
    );
  });

  it('answers 500 and prints the error when the handler fails, and goes on', async () => {
    let fails = true;
    const { others } = await withGateway(
      () => {
        if (!fails) return { body: 'well' };
        fails = false;
        throw new Error('the handler failed');
      },
      async (send) => {
        expect(await send({ path: '/' })).to.include({ status: 500, body: '{"message":"Internal Server Error"}' });
        expect((await send({ path: '/' })).body).to.equal('well');
      },
    );
    expect(others.join()).to.include('the handler failed');
  });

  const throttled: [LocalDoor, status: number, message: string][] = [
    [httpApi, 503, 'Service Unavailable'],
    [functionUrl, 429, 'Too Many Requests'],
    [restApi, 500, 'Internal Server Error'],
    [loadBalancer, 502, 'Bad Gateway'],
  ];
  for (const [door, status, message] of throttled) {
    it(`answers ${status} as ${door.title} if Lambda would throttle the invocation, and prints nothing`, async () => {
      const { others } = await withGateway(
        () => {
          throw new Throttled();
        },
        async (send) => {
          expect(await send({ path: '/' })).to.include({ status, body: JSON.stringify({ message }) });
        },
        door,
      );
      expect(others).to.deep.equal([]);
    });
  }

  it('records the metrics that AWS would record', async () => {
    const front = createFront();
    const answers = [() => ({}), () => ({ statusCode: 422 }), () => expect.fail('a crash'), () => throttle()];
    const throttle = () => {
      throw new Throttled();
    };
    await withGateway(
      () => answers.shift()?.(),
      async (send) => {
        for (const status of [200, 422, 500, 503]) expect((await send({ path: '/' })).status).to.equal(status);
      },
      httpApi,
      front,
    );
    const sum = (namespace: string, metric: string) =>
      front
        .since(0)
        .filter((sample) => sample.namespace === namespace && sample.name === metric)
        .reduce((total, { value }) => total + value, 0);
    const api = ['Count', '4xx', '5xx'].map((name) => sum('AWS/ApiGateway', name));
    expect(api).to.deep.equal([4, 1, 2]);
    const lambda = ['Invocations', 'Errors', 'Throttles', 'ConcurrentExecutions'].map((name) =>
      sum('AWS/Lambda', name),
    );
    expect(lambda).to.deep.equal([3, 1, 1, 3]);
    expect(sum('AWS/ApiGateway', 'Latency')).to.be.above(sum('AWS/Lambda', 'Duration'));
    expect(front.since(Date.now() + 1000)).to.deep.equal([]);
  });

  it('answers 500 when the answer is larger than an invocation may return', async () => {
    const { others } = await withGateway(
      () => ({ body: 'x'.repeat(6 * megabyte) }),
      async (send) => expect((await send({ path: '/' })).status).to.equal(500),
    );
    expect(others.join()).to.include('the answer is too large for an HTTP API');
  });

  it('passes on requests up to the limit of an invocation, and counts their bytes as JSON', async () => {
    const size = async (event: Event) => ({ body: String(event.body?.length) });
    await withGateway(size, async (send) => {
      expect((await send(post(5.9 * megabyte, 'x'))).status).to.equal(200);
      expect((await send(post(6 * megabyte, 'x'))).status).to.equal(413);
      // A quote takes two bytes in JSON.
      expect((await send(post(2.9 * megabyte, '"'))).status).to.equal(200);
      expect((await send(post(3 * megabyte, '"'))).status).to.equal(413);
    });
  });

  it('gives every request an id, the same in the event and in the context', async () => {
    const ids = new Set<string>();
    const echo = (event: Event, id: string) => {
      expect(event.requestContext.requestId).to.equal(id);
      ids.add(id);
      return {};
    };
    await withGateway(echo, async (send) => {
      await send({ path: '/' });
      await send({ path: '/' });
    });
    expect(ids.size).to.equal(2);
  });

  it('prints nothing if a client disconnects before it has sent its whole request', async () => {
    const { others } = await withGateway(
      () => ({ body: 'well' }),
      async (send, port) => {
        const socket = connect(port, '127.0.0.1');
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n[5.');
        await once(socket, 'connect');
        socket.destroy();
        expect((await send({ path: '/' })).body).to.equal('well');
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    );
    expect(others).to.deep.equal([]);
  });

  for (const door of [functionUrl, restApi, loadBalancer, multiValueLoadBalancer]) {
    it(`answers 502 as ${door.title} does when the handler fails`, async () => {
      const fail = () => {
        throw new Error('the handler failed');
      };
      await withGateway(
        fail,
        async (send) => {
          const { status, headers } = await send({ path: '/' });
          expect([status, headers['content-type']]).to.deep.equal([502, 'application/json']);
        },
        door,
      );
    });
  }

  const played = [
    { door: httpApi, isCompressed: true, takesBoth: true },
    { door: functionUrl, isCompressed: true, takesBoth: true },
    { door: restApi, isCompressed: false, takesBoth: true },
    { door: loadBalancer, isCompressed: true, takesBoth: false },
    { door: multiValueLoadBalancer, isCompressed: true, takesBoth: true },
  ];
  for (const { door, isCompressed, takesBoth } of played) {
    it(`calls the function as ${door.title} does`, async () => {
      const ask = async (send: Send) => {
        const rows = JSON.stringify(Array(500).fill([5.1, 3.5, 1.4, 0.2]));
        const many = await send({ path: '/predict', headers: { 'accept-encoding': 'gzip' }, body: rows });
        const row = '{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2,"a":1,"b":2}';
        return { many, two: await send({ path: '/predict?ignore=a&ignore=b', body: row }) };
      };
      const { many, two } = (await withGateway((event, id) => predict(event, createContext(id)), ask, door)).result;
      expect(many.status).to.equal(200);
      expect(many.headers['content-encoding'] === 'gzip').to.equal(isCompressed);
      expect(two.status, two.body).to.equal(takesBoth ? 200 : 422);
    });
  }

  it('passes on up to a megabyte in each direction, as a load balancer does', async () => {
    const echo = ({ body = '' }: Event) => ({ body });
    await withGateway(
      echo,
      async (send) => {
        expect((await send(post(990_000, 'x'))).status).to.equal(200);
        expect((await send(post(1_000_001, 'x'))).status).to.equal(413);
        // A quote takes two bytes in the answer's JSON.
        expect((await send(post(600_000, '"'))).status).to.equal(502);
      },
      loadBalancer,
    );
  });

  it("reads an answer's headers only in the form for which the load balancer is configured", async () => {
    const answer = () => ({ headers: { 'x-a': '1' }, multiValueHeaders: { 'x-b': ['1', '2'] } });
    const headersBehind = async (door: LocalDoor) =>
      (await withGateway(answer, (send) => send({ path: '/' }), door)).result.headers;
    expect(await headersBehind(loadBalancer))
      .to.include({ 'x-a': '1' })
      .and.not.have.property('x-b');
    expect(await headersBehind(multiValueLoadBalancer))
      .to.include({ 'x-b': '1, 2' })
      .and.not.have.property('x-a');
  });
});
