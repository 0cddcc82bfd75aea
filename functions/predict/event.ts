import type { RequestError } from '../core/errors.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { isRecord } from '../core/model/value.ts';
import type { Door } from './doors/door.ts';
import { type Fields, text } from './doors/fields.ts';
import { httpApi } from './doors/http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from './doors/load-balancer.ts';
import { restApi } from './doors/rest-api.ts';
import type { HttpRequest } from './http/request.ts';
import { findRefusal } from './unsupported-event.ts';

/** What an event asks for. */
export type Call =
  | HttpCall
  /** Rows as the payload of an invocation. */
  | { readonly kind: 'direct'; readonly payload: unknown }
  /** Nothing: a ping keeps an environment from being ended. */
  | { readonly kind: 'warm-up'; readonly requestId?: never }
  | { readonly kind: 'unsupported'; readonly refusal: RequestError };

export interface HttpCall {
  readonly kind: 'http';
  readonly requestId?: string;
  readonly door: Door;
  readonly request: HttpRequest;
}

/** Takes whatever JSON can hold. What is told to be nothing else is a payload. */
export function toCall(event: unknown, manifest: Manifest): Call {
  if (!isRecord(event)) return { kind: 'direct', payload: event };
  const { requestContext: context } = event;
  const door = isRecord(context) && findDoor(event, context);
  if (!door) return fromOther(event, manifest);
  const requestId = text(context.requestId);
  return { kind: 'http', door, request: door.toRequest(event), ...(requestId && { requestId }) };
}

/** Told by what each writes into the context. */
function findDoor(event: Fields, context: Fields): Door | undefined {
  if (isRecord(context.http)) return httpApi;
  if (isRecord(context.elb)) return isRecord(event.multiValueHeaders) ? multiValueLoadBalancer : loadBalancer;
  return typeof event.httpMethod === 'string' ? restApi : undefined;
}

function fromOther(event: Fields, { features }: Manifest): Call {
  // A record may have features that are called like the members of an event.
  const isFeature = (name: string) => features.some((feature) => feature.name === name);
  if (isBareBody(event) && !isFeature('body')) return { kind: 'http', door: httpApi, request: fromBareBody(event) };
  if (isPing(event) && !isFeature('source')) return { kind: 'warm-up' };
  if (isFlat(event)) return { kind: 'direct', payload: event };
  if (isSchedule(event)) return { kind: 'warm-up' };
  const refusal = findRefusal(event);
  return refusal ? { kind: 'unsupported', refusal } : { kind: 'direct', payload: event };
}

/** As a record is, whatever its features are called, and no event of AWS. */
function isFlat(event: Fields): boolean {
  for (const name in event) {
    const value = event[name];
    if (typeof value === 'object' && value !== null) return false;
  }
  return true;
}

/** A test event of the console, written by hand. */
function isBareBody(event: Fields): boolean {
  return 'body' in event && Object.keys(event).every((key) => key === 'body' || key === 'isBase64Encoded');
}

function fromBareBody(event: Fields): HttpRequest {
  const base64 = typeof event.isBase64Encoded === 'boolean' ? event.isBase64Encoded : undefined;
  return { method: 'POST', path: '/predict', headers: {}, body: { content: event.body, base64 } };
}

/** Of serverless-plugin-warmup. */
function isPing({ source }: Fields): boolean {
  return source === 'serverless-plugin-warmup';
}

/** Of EventBridge, without an input of its own: it carries no rows, and can only be meant to keep an environment. */
function isSchedule(event: Fields): boolean {
  return event['detail-type'] === 'Scheduled Event';
}
