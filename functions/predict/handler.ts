import type { Context } from 'aws-lambda';
import { checkAnswerFits } from './answer-size.ts';
import { type RequestError, toInvocationError, toRequestError } from './errors.ts';
import { type Call, type HttpRequest, toCall } from './event.ts';
import { readBody } from './http/body.ts';
import type { Content } from './http/content.ts';
import { toCorsHeaders } from './http/cors.ts';
import { type HttpResponse, toHttpResponse } from './http/response.ts';
import { toServerTiming } from './http/server-timing.ts';
import type { Limits } from './limits.ts';
import { toFeeds } from './model/columns.ts';
import type { Model } from './model/load.ts';
import { type Prediction, toPredictions } from './model/prediction.ts';
import type { ReadAsset } from './page-assets.ts';
import { chooseReader, chooseWriter } from './protocols/choose.ts';
import { toDocument, toInstances } from './protocols/native.ts';
import type { Decoded } from './protocols/protocol.ts';
import { allowedMethods, errorEncoderAt, matchRoute } from './routes.ts';
import type { RequestRecord, StartTelemetry } from './telemetry.ts';

export interface Service {
  readonly model: Model;
  readonly limits: Limits;
  /** Origins of pages that may read answers. */
  readonly corsOrigins: readonly string[];
  readonly startTelemetry: StartTelemetry;
  readonly readAsset: ReadAsset;
}

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * The way of a request. HTTP events are answered with a response, whatever is wrong with the request. A direct invocation is answered with
 * the document itself, and rejects with an Error that Step Functions can match by its name.
 */
export function createHandler(service: Service): Handler {
  return async (event, context) => {
    const lap = createStopwatch();
    const call = toCall(event);
    const requestId = call.requestId ?? context.awsRequestId;
    const record: RequestRecord = { route: 'none', status: 200 };
    const telemetry = service.startTelemetry(requestId, context);
    try {
      return await answer(call, requestId, service, record);
    } catch (thrown) {
      const error = toRequestError(thrown);
      record.status = error.status;
      record.error = error.name;
      if (error.status >= 500) telemetry.fault(thrown);
      return refuse(call, error, requestId, service);
    } finally {
      telemetry.end(record, lap());
    }
  };
}

async function answer(call: Call, requestId: string, service: Service, record: RequestRecord): Promise<unknown> {
  if (call.kind === 'direct') return invoke(call.payload, service, record);
  const content = await respond(call.request, service, record);
  record.status = content.status;
  const headers = { ...content.headers, ...toServerTiming(record) };
  return pack({ ...content, headers }, call.request, requestId, service);
}

function refuse(call: Call, error: RequestError, requestId: string, service: Service): HttpResponse {
  if (call.kind === 'direct') throw toInvocationError(error);
  return pack(errorEncoderAt(call.request.path)(error, requestId), call.request, requestId, service);
}

function pack(content: Content, request: HttpRequest, requestId: string, { corsOrigins }: Service): HttpResponse {
  const headers = { ...content.headers, ...toCorsHeaders(corsOrigins, request) };
  return toHttpResponse({ ...content, headers }, request, requestId);
}

/** A direct invocation: the payload is the document that HTTP would carry as JSON, and so is the answer. */
function invoke(payload: unknown, service: Service, record: RequestRecord): Promise<unknown> {
  const { manifest } = service.model;
  record.route = record.protocol = 'direct';
  return predict(
    () => ({ instances: toInstances(payload, manifest), options: undefined }),
    (predictions) => toDocument(predictions, manifest),
    service,
    record,
  );
}

function respond(request: HttpRequest, service: Service, record: RequestRecord): Promise<Content> | Content {
  const { method, path, headers } = request;
  const { manifest } = service.model;
  if (method === 'OPTIONS') return { status: 204, headers: { allow: allowedMethods(path) }, body: '' };
  const { route, parameters } = matchRoute(method, path);
  record.route = `${route.method} ${route.path}`;
  if ('document' in route) return route.document(manifest, parameters, service.readAsset);

  const reader = chooseReader(route.protocols, headers['content-type']);
  const writer = chooseWriter(route.protocols, headers.accept);
  record.protocol = reader.name;
  return predict(
    () => reader.decode({ headers, parameters, body: readBody(request, service.limits) }, manifest, service.limits),
    (predictions, options) => writer.encode(predictions, manifest, reader === writer ? options : undefined),
    service,
    record,
  );
}

/** decode → rows → feeds → session.run → predictions → encode */
async function predict<Options, Answer extends object>(
  decode: () => Decoded<Options>,
  encode: (predictions: readonly Prediction[], options: Options) => Answer,
  { model: { manifest, run }, limits }: Service,
  record: RequestRecord,
): Promise<Answer> {
  const lap = createStopwatch();
  const { instances, options } = decode();
  record.rows = instances.rows.length;
  checkAnswerFits(record.rows, (predictions) => encode(predictions, options), manifest, limits);
  const feeds = toFeeds(instances, manifest, limits);
  record.decodeMs = lap();
  const fetches = await run(feeds);
  record.inferenceMs = lap();
  const answered = encode(toPredictions(fetches, manifest, instances), options);
  record.encodeMs = lap();
  return answered;
}

/** Milliseconds since the last call. */
function createStopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = now - last;
    last = now;
    return lap;
  };
}
