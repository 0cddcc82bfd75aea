import { expect } from 'chai';
import type { Send } from '../helpers/behaviour.ts';
import type { TestRequest } from '../helpers/http-event.ts';
import type { Door } from './doors.ts';

const row = [5.1, 3.5, 1.4, 0.2];
const post = (path: string, document: object): TestRequest => ({
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(document),
});
const get = (path: string): TestRequest => ({ method: 'GET', path });

/**
 * Requests for each family of routes, for an unknown path, and with a wrong method, each with the status of the
 * function's own answer. A caller without authorization gets the same refusal for all of them, and so does not learn
 * which routes there are.
 */
const guarded: readonly (readonly [request: TestRequest, status: number])[] = [
  [get('/'), 200],
  [get('/model'), 200],
  [get('/docs'), 200],
  [get('/openapi.json'), 200],
  [get('/version'), 200],
  [get('/v2'), 200],
  [get('/v2/models/iris'), 200],
  [get('/v2/models/iris/versions/1.0.0/ready'), 200],
  [post('/predict', row), 200],
  [post('/invocations', { instances: [row] }), 200],
  [post('/v2/models/iris/infer', { inputs: [{ name: 'X', shape: [1, 4], datatype: 'FP64', data: row }] }), 200],
  [get('/petals'), 404],
  [{ method: 'DELETE', path: '/model' }, 405],
];

const healthChecks = ['/health', '/ping', '/v2/health/live', '/v2/health/ready'];

/** Expects the function's own answer to every request. */
export async function expectOpen(send: Send): Promise<void> {
  for (const [request, status] of guarded) await expectFunction(send, request, status);
  await expectHealthChecks(send);
}

/** Expects the door to refuse every request with `status`, except the health checks if it opens them to everybody. */
export async function expectShut(
  send: Send,
  status: number,
  { opensHealth }: Pick<Door, 'opensHealth'>,
): Promise<void> {
  for (const [request] of guarded) await expectRefusal(send, request, status);
  if (opensHealth) await expectHealthChecks(send);
  else for (const path of healthChecks) await expectRefusal(send, get(path), status);
}

async function expectRefusal(send: Send, request: TestRequest, status: number): Promise<void> {
  const answer = await send(request);
  expect(answer.status, toText(request)).to.equal(status);
  expect(answer.headers, toText(request)).not.to.have.property(ours);
}

async function expectHealthChecks(send: Send): Promise<void> {
  for (const path of healthChecks) await expectFunction(send, get(path), 200);
}

async function expectFunction(send: Send, request: TestRequest, status: number): Promise<void> {
  const answer = await send(request);
  expect(answer.status, `${toText(request)} ${answer.body}`).to.equal(status);
  expect(answer.headers, toText(request)).to.have.property(ours);
}

/** A header that the function writes into each of its answers, and that no door writes. */
const ours = 'x-request-id';

const toText = ({ method = 'POST', path }: TestRequest) => `${method} ${path}`;
