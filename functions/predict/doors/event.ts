import type { RequestError } from '../../core/errors.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { isRecord } from '../../core/model/value.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Door } from './door.ts';
import { type Fields, text } from './fields.ts';
import { httpApi } from './http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from './load-balancer.ts';
import { restApi } from './rest-api.ts';
import { findRefusal } from './unsupported-event.ts';

/** The kinds of calls that an event can be. */
export type Call =
  | HttpCall
  /** A direct invocation, whose payload is the rows. */
  | { readonly kind: 'direct'; readonly payload: unknown }
  /** A ping that keeps an environment alive. It asks for nothing. */
  | { readonly kind: 'warm-up'; readonly requestId?: never }
  | { readonly kind: 'unsupported'; readonly refusal: RequestError };

export interface HttpCall {
  readonly kind: 'http';
  readonly requestId?: string;
  readonly door: Door;
  readonly request: HttpRequest;
}

/** Classifies an event, which can be any JSON. An event of no other known kind is a direct invocation. */
export function toCall(event: unknown, manifest: Manifest): Call {
  if (!isRecord(event)) return { kind: 'direct', payload: event };
  const { requestContext: context } = event;
  const door = isRecord(context) && findDoor(event, context);
  if (!door) return fromOther(event, manifest);
  const requestId = text(context.requestId);
  return { kind: 'http', door, request: door.toRequest(event), ...(requestId && { requestId }) };
}

/** Recognises the service by the members that it writes into requestContext. */
function findDoor(event: Fields, context: Fields): Door | undefined {
  if (isRecord(context.http)) return httpApi;
  if (isRecord(context.elb)) return isRecord(event.multiValueHeaders) ? multiValueLoadBalancer : loadBalancer;
  return typeof event.httpMethod === 'string' ? restApi : undefined;
}

function fromOther(event: Fields, { features }: Manifest): Call {
  // A row sent as an object may have features with the same names as members of an event.
  const isFeature = (name: string) => features.some((feature) => feature.name === name);
  if (isBareBody(event) && !isFeature('body')) return { kind: 'http', door: httpApi, request: fromBareBody(event) };
  if (isPing(event) && !isFeature('source')) return { kind: 'warm-up' };
  if (isFlat(event)) return { kind: 'direct', payload: event };
  if (isSchedule(event)) return { kind: 'warm-up' };
  const refusal = findRefusal(event);
  return refusal ? { kind: 'unsupported', refusal } : { kind: 'direct', payload: event };
}

/** Whether an event has no nested values: then it is a row, because all events of AWS have some. */
function isFlat(event: Fields): boolean {
  for (const name in event) {
    const value = event[name];
    if (typeof value === 'object' && value !== null) return false;
  }
  return true;
}

/** Whether this is a test event written by hand, with nothing but a body. */
function isBareBody(event: Fields): boolean {
  return 'body' in event && Object.keys(event).every((key) => key === 'body' || key === 'isBase64Encoded');
}

function fromBareBody(event: Fields): HttpRequest {
  const base64 = typeof event.isBase64Encoded === 'boolean' ? event.isBase64Encoded : undefined;
  return { method: 'POST', path: '/predict', headers: {}, body: { content: event.body, base64 } };
}

/** Whether this is a ping of serverless-plugin-warmup. */
function isPing({ source }: Fields): boolean {
  return source === 'serverless-plugin-warmup';
}

/**
 * Whether this is a scheduled event of EventBridge without a configured input. It carries no rows, so it can only be
 * meant to keep an environment alive.
 */
function isSchedule(event: Fields): boolean {
  return event['detail-type'] === 'Scheduled Event';
}
