import type { Context } from 'aws-lambda';
import { type RequestError, toInvocationError, toProblemDocument, toRequestError } from './errors.ts';
import { type Call, toCall } from './event.ts';
import { toFeeds } from './model/columns.ts';
import type { Model } from './model/load.ts';
import { toPredictions } from './model/prediction.ts';
import { direct } from './protocols/native.ts';
import type { Protocol } from './protocols/protocol.ts';
import { type HttpResponse, jsonResponse } from './response.ts';
import { matchRoute } from './routes.ts';
import type { RequestRecord, StartTelemetry } from './telemetry.ts';

export interface Dependencies {
  readonly model: Model;
  readonly startTelemetry: StartTelemetry;
}

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * The way of a request. HTTP events are answered with a response, whatever is wrong with the request. A direct invocation is answered with
 * the document itself, and rejects with an Error that Step Functions can match by its name.
 */
export function createHandler({ model, startTelemetry }: Dependencies): Handler {
  return async (event, context) => {
    const lap = createStopwatch();
    const call = toCall(event);
    const requestId = call.requestId ?? context.awsRequestId;
    const record: RequestRecord = { route: 'none', status: 200 };
    const telemetry = startTelemetry(requestId, context);
    try {
      return await answer(call, model, record);
    } catch (thrown) {
      const error = toRequestError(thrown);
      record.status = error.status;
      record.error = error.name;
      if (error.status >= 500) telemetry.fault(thrown);
      return refuse(call, error, requestId);
    } finally {
      telemetry.end(record, lap());
    }
  };
}

function answer(call: Call, model: Model, record: RequestRecord): Promise<unknown> | HttpResponse {
  if (call.kind === 'direct') {
    record.route = 'direct';
    return predict(call.payload, direct, model, record);
  }
  const route = matchRoute(call.request);
  record.route = `${route.method} ${route.path}`;
  if ('document' in route) return jsonResponse(route.document(model.manifest));
  return predict(call.request, route.protocol, model, record);
}

async function predict<Request, Response>(
  request: Request,
  protocol: Protocol<Request, Response>,
  { manifest, run }: Model,
  record: RequestRecord,
): Promise<Response> {
  record.protocol = protocol.name;
  const lap = createStopwatch();
  const instances = protocol.decode(request, manifest);
  record.rows = instances.rows.length;
  const feeds = toFeeds(instances, manifest);
  record.decodeMs = lap();
  const fetches = await run(feeds);
  record.inferenceMs = lap();
  const response = protocol.encode(toPredictions(fetches, manifest, instances), manifest);
  record.encodeMs = lap();
  return response;
}

function refuse({ kind }: Call, error: RequestError, requestId: string): HttpResponse {
  if (kind === 'direct') throw toInvocationError(error);
  return {
    statusCode: error.status,
    headers: { ...error.headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(toProblemDocument(error, requestId)),
  };
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
