import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * The event that an API Gateway HTTP API makes of a request, in payload format 2.0:
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: IncomingMessage, body: Buffer) {
  const { cookie, ...headers } = joinHeaders(request);
  const [rawPath = '/', rawQueryString = ''] = splitOnce(toOriginForm(request.url ?? '/'), '?');
  const method = request.method ?? 'GET';
  const isText = arrivesAsText(headers);
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie && { cookies: cookie.split('; ') }),
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
      routeKey: '$default',
      stage: '$default',
      time: toLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

const textTypes = new Set(['application/json', 'application/xml', 'application/javascript']);

/** The gateway passes these bodies as text and every other one, without a type or compressed, as base64. */
function arrivesAsText(headers: Readonly<Record<string, string>>): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (type.startsWith('text/') || textTypes.has(type)) && !headers['content-encoding'];
}

/** Names in lower case, values of the same name joined by a comma. */
function joinHeaders(request: IncomingMessage): Record<string, string> {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',') ?? '']);
  return Object.fromEntries(headers);
}

function joinValues(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}

/** A client may send the whole URL (RFC 9112, 3.2.2). */
function toOriginForm(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '') || '/';
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
