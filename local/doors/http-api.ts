import { randomUUID } from 'node:crypto';
import { type Arrival, joinValues, readHeaders, readTarget, type Target, toBody, toLogTime } from './arrival.ts';
import { invocation, type LocalDoor, megabyte } from './door.ts';
import { toPathParameters, toRoute } from './routes.ts';

export const httpApi: LocalDoor = {
  title: 'an HTTP API',
  toEvent: toHttpApiEvent,
  headers: 'headers',
  requestBody: 10 * megabyte,
  answer: invocation,
  failed: 500,
  throttled: 503,
};

export const functionUrl: LocalDoor = {
  title: 'a function URL',
  toEvent: (request, body) => toEvent(request, body, readTarget(request), '$default'),
  headers: 'headers',
  requestBody: invocation,
  answer: invocation,
  failed: 502,
  throttled: 429,
};

export function toHttpApiEvent(request: Arrival, body: Buffer) {
  const target = readTarget(request);
  const route = toRoute(target.path);
  return toEvent(request, body, target, `ANY ${route}`, toPathParameters(target.path, route));
}

/**
 * An event in payload format 2.0:
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function toEvent(
  request: Arrival,
  body: Buffer,
  { path, query }: Target,
  routeKey: string,
  pathParameters?: { readonly proxy: string },
) {
  const { cookie, ...headers } = joinValues(readHeaders(request, 'lowered'));
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers,
    ...(query && { queryStringParameters: joinValues([...new URLSearchParams(query)]) }),
    requestContext: toContext(request, path, headers, routeKey),
    ...(pathParameters && { pathParameters }),
    ...(body.length > 0 ? toBody(headers, body) : { isBase64Encoded: false }),
  };
}

function toContext(request: Arrival, path: string, headers: Readonly<Record<string, string>>, routeKey: string) {
  const now = new Date();
  return {
    accountId: 'local',
    apiId: 'local',
    domainName: headers.host ?? '',
    domainPrefix: 'local',
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey,
    stage: '$default',
    time: toLogTime(now),
    timeEpoch: now.getTime(),
  };
}
