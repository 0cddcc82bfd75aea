import { randomUUID } from 'node:crypto';
import { type Arrival, lastValues, type Pair, readHeaders, readTarget, toLists, toLogTime } from './arrival.ts';
import { invocation, type LocalDoor, megabyte } from './door.ts';
import { toPathParameters, toRoute } from './routes.ts';

export const restApi: LocalDoor = {
  title: 'a REST API',
  toEvent: (request, body) => toRestApiEvent(request, body),
  headers: 'headers',
  requestBody: 10 * megabyte,
  answer: invocation,
  failed: 502,
  throttled: 500,
};

/**
 * Creates the event of template.yaml's REST API, in payload format 1.0
 * (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html). `basePath` is the base
 * path of a custom domain.
 */
export function toRestApiEvent(request: Arrival, body: Buffer, basePath = '') {
  const { path, query } = readTarget(request);
  const resource = toRoute(path);
  const headers = readHeaders(request, 'written');
  const parameters: Pair[] = [...new URLSearchParams(query)];
  return {
    resource,
    path: `${basePath}${path}`,
    httpMethod: request.method ?? 'GET',
    headers: lastValues(headers),
    multiValueHeaders: toLists(headers),
    queryStringParameters: query ? lastValues(parameters) : null,
    multiValueQueryStringParameters: query ? toLists(parameters) : null,
    pathParameters: toPathParameters(path, resource) ?? null,
    stageVariables: null,
    requestContext: toContext(request, headers, resource, `${basePath}${path}`),
    // The template declares all media types as binary, so every body is base64.
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: body.length > 0,
  };
}

function toContext(request: Arrival, headers: readonly Pair[], resourcePath: string, path: string) {
  const now = new Date();
  const find = (name: string) => headers.find(([written]) => written.toLowerCase() === name)?.[1] ?? '';
  return {
    resourceId: 'local',
    resourcePath,
    httpMethod: request.method ?? 'GET',
    extendedRequestId: 'local',
    requestTime: toLogTime(now),
    path,
    accountId: 'local',
    protocol: `HTTP/${request.httpVersion}`,
    stage: 'live',
    domainPrefix: 'local',
    requestTimeEpoch: now.getTime(),
    requestId: randomUUID(),
    identity: { sourceIp: request.socket.remoteAddress ?? '', userAgent: find('user-agent') },
    domainName: find('host'),
    deploymentId: 'local',
    apiId: 'local',
  };
}
