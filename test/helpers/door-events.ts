import { expect } from 'chai';
import type { Arrival } from '../../local/doors/arrival.ts';
import { toLoadBalancerEvent, toMultiValueEvent } from '../../local/doors/load-balancer.ts';
import { toRestApiEvent } from '../../local/doors/rest-api.ts';
import type { TestResponse } from './behaviour.ts';
import { fromHttpResponse, type TestRequest } from './http-event.ts';

/** The event of a REST API, called through a custom domain with the base path /sepal. */
export function createRestEvent(request: TestRequest) {
  return toRestApiEvent(toArrival(request, toTitle), toBytes(request), '/sepal');
}

/** The event of a load balancer, for a target group with or without multi-value headers. */
export function createLoadBalancerEvent(request: TestRequest, isMultiValue: boolean) {
  const toEvent = isMultiValue ? toMultiValueEvent : toLoadBalancerEvent;
  return toEvent(toArrival(request), toBytes(request));
}

/** A test's request as it would arrive over a connection. */
function toArrival({ method = 'POST', path, headers = {} }: TestRequest, toName = (name: string) => name): Arrival {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [toName(name), value]);
  return { method, url: path, httpVersion: '1.1', rawHeaders, socket: { remoteAddress: '192.0.2.1', localPort: 443 } };
}

const toBytes = ({ body = '' }: TestRequest) => Buffer.from(body);

/** Writes a header name as many clients do: Content-Type. A REST API passes the name on unchanged. */
const toTitle = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

/**
 * The response that a load balancer makes from a handler's answer. With multi-value headers it uses only
 * `multiValueHeaders`, and otherwise only `headers`.
 */
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
