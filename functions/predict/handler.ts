import type { Context } from 'aws-lambda';
import { type RequestError, toInvocationError, toRequestError } from '../core/errors.ts';
import { explainerOf, type RequestedRows } from '../core/explain/explainer.ts';
import type { ExplainOptions } from '../core/explain/explanations.ts';
import type { Limits } from '../core/limits.ts';
import { checkRowCount, toFeeds } from '../core/model/columns.ts';
import { keepShown } from '../core/model/labels-alone.ts';
import type { Model } from '../core/model/load.ts';
import { toShown } from '../core/model/outputs.ts';
import { type Predictions, toPredictions } from '../core/model/prediction.ts';
import type { Tensors } from '../core/model/tensor.ts';
import { limitsFor } from '../core/model/texts.ts';
import { checkAnswerFits } from './answer-size.ts';
import { type Call, type HttpCall, toCall } from './doors/event.ts';
import { readBody } from './http/body.ts';
import type { Content } from './http/content.ts';
import { toCorsHeaders } from './http/cors.ts';
import { unpackFor } from './http/packed.ts';
import type { HttpRequest } from './http/request.ts';
import { toHttpResponse } from './http/response.ts';
import { toServerTiming } from './http/server-timing.ts';
import type { ReadAsset } from './pages/page-assets.ts';
import { chooseReader, chooseWriter } from './protocols/choose.ts';
import { decodePayload, toDocument } from './protocols/native.ts';
import type { Decoded } from './protocols/protocol.ts';
import { allowedMethods, errorEncoderAt, matchRoute } from './routes.ts';
import type { Capture } from './telemetry/capture.ts';
import type { Observe } from './telemetry/monitor.ts';
import type { RequestRecord } from './telemetry/request-record.ts';
import { createStopwatch } from './telemetry/stopwatch.ts';
import type { RequestTelemetry, StartTelemetry } from './telemetry/telemetry.ts';

export interface Service {
  readonly model: Model;
  readonly limits: Limits;
  /** Origins whose pages may read answers (CORS). */
  readonly corsOrigins: readonly string[];
  readonly observe: Observe;
  readonly capture: Capture | undefined;
  readonly startTelemetry: StartTelemetry;
  readonly readAsset: ReadAsset;
}

/** The request that is being answered. */
interface Exchange {
  readonly service: Service;
  readonly requestId: string;
  readonly record: RequestRecord;
  readonly telemetry: RequestTelemetry;
  readonly isProbe: boolean;
  readonly limits: Limits;
  /** Milliseconds until the invocation ends. */
  readonly msLeft: () => number;
}

/** How the predictions become an answer. */
interface Answering<Options, Answer> {
  encode(predictions: Predictions, options: Options): Answer;
  /** Whether the answer holds labels only, so that the numbers need not be kept. */
  showsLabelsAlone(options: Options): boolean;
}

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * Creates the handler. An HTTP event always gets a response, even for a bad request. A direct invocation gets the
 * answer's document itself, or rejects with an Error whose name Step Functions can match.
 */
export function createHandler(configured: Service): Handler {
  const service = { ...configured, limits: limitsFor(configured.model.manifest, configured.limits) };
  return async (event, context) => {
    const lap = createStopwatch();
    const call = toCall(event, service.model.manifest);
    const requestId = (call.kind === 'http' && call.requestId) || context.awsRequestId;
    const record: RequestRecord = { route: 'none', status: 200 };
    const telemetry = service.startTelemetry(requestId, context);
    const msLeft = () => context.getRemainingTimeInMillis();
    const limits = limitsAt(call, service.limits);
    const exchange = { service, requestId, record, telemetry, isProbe: isProbe(call), limits, msLeft };
    try {
      return await answer(call, exchange);
    } catch (thrown) {
      const error = toRequestError(thrown);
      record.status = error.status;
      record.error = error.name;
      if (error.status >= 500) telemetry.fault(thrown);
      return refuse(call, error, exchange);
    } finally {
      telemetry.end(record, lap());
    }
  };
}

/**
 * Whether the client marks its rows as made up, as the playground does when it draws its map of answers. Such rows are
 * not counted, watched for drift or captured: they would look like drift of the real rows.
 */
function isProbe(call: Call): boolean {
  return call.kind === 'http' && call.request.headers['sepal-probe'] === '1';
}

/** Lowers the limit for answers if the request came through a load balancer, which passes on less than Lambda. */
function limitsAt(call: Call, limits: Limits): Limits {
  const { answerBytes = limits.answerBytes } = call.kind === 'http' ? call.door : limits;
  return answerBytes < limits.answerBytes ? { ...limits, answerBytes } : limits;
}

async function answer(call: Call, exchange: Exchange): Promise<unknown> {
  if (call.kind === 'direct') return invoke(call.payload, exchange);
  if (call.kind === 'warm-up') return warmUp(exchange);
  if (call.kind === 'unsupported') throw call.refusal;
  const content = await respond(call.request, exchange);
  const headers = { ...content.headers, ...toServerTiming(exchange.record) };
  const response = pack({ ...content, headers }, call, exchange);
  exchange.record.status = response.statusCode;
  return response;
}

function refuse(call: Call, error: RequestError, exchange: Exchange): unknown {
  if (call.kind !== 'http') throw toInvocationError(error);
  return pack(errorEncoderAt(call.request.path)(error, exchange.requestId), call, exchange);
}

function pack(content: Content, { request, door }: HttpCall, { requestId, service: { corsOrigins } }: Exchange) {
  const headers = { ...content.headers, ...toCorsHeaders(corsOrigins, request) };
  return door.toAnswer(toHttpResponse({ ...content, headers }, request, requestId));
}

/**
 * Answers an event that only keeps an environment alive (not the route /ping). The function only starts if the model
 * loads and its examples have the right answers, so the status is always ok.
 */
function warmUp({ record }: Exchange) {
  record.route = 'warm-up';
  return { status: 'ok' };
}

/** Answers a direct invocation. Payload and answer are the JSON documents that HTTP would carry. */
function invoke(payload: unknown, exchange: Exchange): Promise<unknown> {
  const { record, service } = exchange;
  const { manifest } = service.model;
  record.route = record.protocol = 'direct';
  return predict(
    () => decodePayload(payload, manifest),
    { encode: (predictions) => toDocument(predictions, manifest), showsLabelsAlone: () => false },
    exchange,
  );
}

function respond(request: HttpRequest, exchange: Exchange): Promise<Content> | Content {
  const { method, path, headers, query } = request;
  const { record, service, limits } = exchange;
  const { manifest } = service.model;
  if (method === 'OPTIONS') return { status: 204, headers: { allow: allowedMethods(path) }, body: '' };
  const { route, parameters } = matchRoute(method, path);
  record.route = `${route.method} ${route.path}`;
  if ('document' in route) return unpackFor(request, route.document(manifest, parameters, service.readAsset), limits);

  const reader = chooseReader(route.protocols, headers['content-type']);
  const writer = chooseWriter(route.protocols, headers.accept);
  record.protocol = reader.name;
  // The options belong to the reader's protocol, so another writer does not get them.
  const forWriter = (options: unknown) => (reader === writer ? options : undefined);
  return predict(
    () => {
      const body = readBody(request, limits);
      return reader.decode({ headers, parameters, query, body }, manifest, limits);
    },
    {
      encode: (predictions, options) => writer.encode(predictions, manifest, forWriter(options), headers.accept),
      showsLabelsAlone: (options) => writer.showsLabelsAlone?.(forWriter(options)) ?? false,
    },
    exchange,
  );
}

/** Predicts: decode → rows → feeds → session.run → predictions (→ explanations) → encode. */
async function predict<Options, Answer extends object>(
  decode: () => Decoded<Options>,
  { encode, showsLabelsAlone }: Answering<Options, Answer>,
  exchange: Exchange,
): Promise<Answer> {
  const { record, service, limits, msLeft } = exchange;
  const { model } = service;
  const { manifest } = model;
  const lap = createStopwatch();
  const { instances, options, explain } = decode();
  record.rows = instances.count;
  checkAnswerFits(record.rows, (predictions) => encode(predictions, options), manifest, limits, explain);
  checkRowCount(record.rows, manifest, limits);
  const feeds = toFeeds(instances, manifest, limits);
  record.decodeMs = lap();
  const shown = toShown(manifest, !explain && showsLabelsAlone(options));
  const keep = shown.hidden.length > 0 ? (some: Tensors) => keepShown(some, shown) : undefined;
  const fetches = await model.run(feeds, { keep, msLeft: msLeft() });
  record.inferenceMs = lap();
  const predictions = toPredictions(fetches, shown, instances);
  const explained = explain
    ? await withExplanations({ feeds, predictions, pointerOf: instances.pointerOf }, explain, exchange)
    : predictions;
  if (explain) record.explainMs = lap();
  const answered = encode(explained, options);
  record.encodeMs = lap();
  if (exchange.isProbe) return answered;
  record.observation = service.observe(feeds, predictions);
  const { requestId, telemetry } = exchange;
  // If the request cannot be stored, that is logged, and the client still gets its answer.
  await service.capture?.({ requestId, instances, predictions }).catch(telemetry.notCaptured);
  return answered;
}

async function withExplanations(
  rows: RequestedRows,
  explain: ExplainOptions,
  { service, msLeft }: Exchange,
): Promise<Predictions> {
  return { ...rows.predictions, explanations: await explainerOf(service.model).explain(rows, explain, msLeft()) };
}
