import { expect } from 'chai';
import type { TestResponse } from './behaviour.ts';
import { fromHttpResponse, type TestRequest } from './http-event.ts';

/**
 * The event that a REST API makes of a request, by a custom domain whose base path is /sepal. Its binaryMediaTypes has every
 * type, so that every body arrives as base64.
 */
export function createRestEvent({ method = 'POST', path, body, headers = {} }: TestRequest) {
  const [pathname = '', search] = path.split('?');
  const parameters = groupValues([...new URLSearchParams(search)]);
  const proxy = pathname.slice(1);
  return {
    resource: proxy ? '/{proxy+}' : '/',
    path: `/sepal${pathname}`,
    httpMethod: method,
    headers: asTitled(headers),
    multiValueHeaders: toLists(asTitled(headers)),
    queryStringParameters: lastValues(parameters),
    multiValueQueryStringParameters: parameters,
    pathParameters: proxy ? { proxy } : null,
    stageVariables: null,
    requestContext: {
      resourcePath: proxy ? '/{proxy+}' : '/',
      httpMethod: method,
      path: `/sepal${pathname}`,
      stage: 'prod',
      requestId: 'gateway-1',
      accountId: '123456789012',
      apiId: 'abcde12345',
    },
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
}

/** The event that a load balancer makes of a request, for a target group with multi-value headers or without. */
export function createLoadBalancerEvent(
  { method = 'POST', path, body, headers = {} }: TestRequest,
  isMultiValue: boolean,
) {
  const [pathname, search = ''] = path.split('?');
  // As the client wrote them.
  const parameters = groupValues(search ? search.split('&').map((pair) => splitPair(pair)) : []);
  const isText = /^(text\/|application\/json)/.test(headers['content-type'] ?? '') && !headers['content-encoding'];
  const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/sepal/0123456789abcdef';
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: method,
    path: pathname,
    ...(isMultiValue
      ? { multiValueQueryStringParameters: parameters, multiValueHeaders: toLists(headers) }
      : { queryStringParameters: lastValues(parameters), headers }),
    body: Buffer.from(body ?? '').toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText && body !== undefined,
  };
}

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

type Lists = Record<string, string[]>;

function groupValues(pairs: readonly (readonly [string, string])[]): Lists {
  const lists: Lists = {};
  for (const [name, value] of pairs) lists[name] = [...(lists[name] ?? []), value];
  return lists;
}

function lastValues(lists: Lists): Record<string, string> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? '']));
}

function toLists(values: TestRequest['headers'] = {}): Lists {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

/** A REST API passes names on as the client wrote them: Content-Type. */
function asTitled(headers: TestRequest['headers'] = {}): Record<string, string> {
  const toTitle = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [toTitle(name), value]));
}

function splitPair(pair: string): [string, string] {
  const [name = '', value = ''] = pair.split('=');
  return [name, value];
}
