import { expect } from 'chai';
import type { Arrival } from '../../local/doors/arrival.ts';
import { toLoadBalancerEvent, toMultiValueEvent } from '../../local/doors/load-balancer.ts';
import { toRestApiEvent } from '../../local/doors/rest-api.ts';
import type { TestResponse } from './behaviour.ts';
import { fromHttpResponse, type TestRequest } from './http-event.ts';

/** The event of a REST API, by a custom domain whose base path is /sepal. */
export function createRestEvent(request: TestRequest) {
  return toRestApiEvent(toArrival(request, toTitle), toBytes(request), '/sepal');
}

/** The event of a load balancer, for a target group with multi-value headers or without. */
export function createLoadBalancerEvent(request: TestRequest, isMultiValue: boolean) {
  const toEvent = isMultiValue ? toMultiValueEvent : toLoadBalancerEvent;
  return toEvent(toArrival(request), toBytes(request));
}

/** A request of a test as it would come over a connection. */
function toArrival({ method = 'POST', path, headers = {} }: TestRequest, toName = (name: string) => name): Arrival {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [toName(name), value]);
  return { method, url: path, httpVersion: '1.1', rawHeaders, socket: { remoteAddress: '192.0.2.1', localPort: 443 } };
}

const toBytes = ({ body = '' }: TestRequest) => Buffer.from(body);

/** As clients write names: Content-Type. A REST API passes them on so. */
const toTitle = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

/** What a load balancer makes of a handler's answer: it ignores the member that it did not ask for. */
export function fromLoadBalancerAnswer(answer: unknown, isMultiValue: boolean): TestResponse {
  const { statusCode, statusDescription, ...rest } = answer as Record<string, unknown>;
  expect(statusDescription).to.match(new RegExp(`^${statusCode} [A-Z][A-Za-z ]+$`));
  const headers = isMultiValue ? rest.multiValueHeaders : rest.headers;
  const joined = Object.entries(headers as Record<string, string | string[]>).map(([name, value]) => [
    name,
    `${value}`,
  ]);
  return fromHttpResponse({ ...rest, statusCode, headers: Object.fromEntries(joined) });
}
