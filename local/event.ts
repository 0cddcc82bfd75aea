import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The event that an API Gateway HTTP API makes of a request, in payload format 2.0:
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: IncomingMessage, body: Buffer) {
  const { headers, cookies } = readHeaders(request);
  forward(headers, request.socket);
  const [rawPath = '/', rawQueryString = ''] = splitOnce(toOriginForm(request.url ?? '/'), '?');
  const method = request.method ?? 'GET';
  const isText = arrivesAsText(headers);
  const now = new Date();
  const routeKey = toRouteKey(rawPath);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers,
    ...(rawQueryString && { queryStringParameters: joinValues(new URLSearchParams(rawQueryString)) }),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: toLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...toPathParameters(rawPath, routeKey),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The route of template.yaml that takes a path. */
export function toRouteKey(path: string): string {
  if (path === '/' || path === '/health' || path === '/ping') return `ANY ${path}`;
  return path.startsWith('/v2/health/') ? 'ANY /v2/health/{proxy+}' : 'ANY /{proxy+}';
}

/** What stands in the path for the route's `{proxy+}`. */
function toPathParameters(path: string, routeKey: string) {
  if (!routeKey.endsWith('{proxy+}')) return undefined;
  // The key has a method and a space before the path.
  return { pathParameters: { proxy: path.slice(routeKey.length - 'ANY {proxy+}'.length) } };
}

/** What a proxy says of the connection that it took the request from. */
function forward(headers: Record<string, string>, { remoteAddress = '', localPort }: Socket): void {
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before ? `${before}, ${remoteAddress}` : remoteAddress;
  headers['x-forwarded-port'] = String(localPort);
  headers['x-forwarded-proto'] = 'http';
}

const textTypes = new Set(['application/json', 'application/xml', 'application/javascript']);

/** The gateway passes these bodies as text and every other one, without a type or compressed, as base64. */
function arrivesAsText(headers: Readonly<Record<string, string>>): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (type.startsWith('text/') || textTypes.has(type)) && !headers['content-encoding'];
}

/** Names in lower case, values of the same name joined by a comma; cookies apart. */
function readHeaders({ rawHeaders }: IncomingMessage): { headers: Record<string, string>; cookies?: string[] } {
  const joined: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]},${value}` : value;
  }
  const { cookie, ...headers } = joined;
  return cookie === undefined ? { headers: joined } : { headers, cookies: cookie.split('; ') };
}

function joinValues(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}

/** A client may send the whole URL (RFC 9112, 3.2.2). */
function toOriginForm(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '') || '/';
}

/** As web servers' logs have it: 12/Mar/2020:19:03:58 +0000. */
function toLogTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function splitOnce(value: string, separator: string): string[] {
  const at = value.indexOf(separator);
  return at < 0 ? [value] : [value.slice(0, at), value.slice(at + 1)];
}
