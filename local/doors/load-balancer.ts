import {
  type Arrival,
  joinValues,
  lastValues,
  type Pair,
  readHeaders,
  readTarget,
  splitOnce,
  toBody,
  toLists,
} from './arrival.ts';
import type { LocalDoor } from './door.ts';

// AWS documents no status for a throttled invocation. It is taken to be that of a failed one.
const limits = { requestBody: 1_000_000, answer: 1_000_000, failed: 502, throttled: 502 };

export const loadBalancer: LocalDoor = {
  title: 'a load balancer',
  toEvent: toLoadBalancerEvent,
  headers: 'headers',
  ...limits,
};

export const multiValueLoadBalancer: LocalDoor = {
  title: 'a load balancer with multi-value headers',
  toEvent: toMultiValueEvent,
  headers: 'multiValueHeaders',
  ...limits,
};

/**
 * If a header or parameter has several values, the event has only the last:
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function toLoadBalancerEvent(request: Arrival, body: Buffer) {
  const { headers, parameters, event } = read(request, body);
  return { ...event, queryStringParameters: lastValues(parameters), headers: lastValues(headers) };
}

export function toMultiValueEvent(request: Arrival, body: Buffer) {
  const { headers, parameters, event } = read(request, body);
  return { ...event, multiValueQueryStringParameters: toLists(parameters), multiValueHeaders: toLists(headers) };
}

const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/local/0123456789abcdef';

function read(request: Arrival, body: Buffer) {
  const { path, query } = readTarget(request);
  const headers = readHeaders(request, 'lowered');
  // A load balancer does not decode the query.
  const parameters: Pair[] = query ? query.split('&').map((pair) => splitOnce(pair, '=')) : [];
  const event = {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: request.method ?? 'GET',
    path,
    ...toBody(joinValues(headers), body),
  };
  return { headers, parameters, event };
}
