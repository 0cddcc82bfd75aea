import { isRecord } from '../../core/model/value.ts';
import type { HttpRequest } from '../http/request.ts';
import { toApiPath } from './api-path.ts';
import type { Door } from './door.ts';
import { type Fields, text, toHeaders, toParameters } from './fields.ts';

/**
 * API Gateway's HTTP API, and a function URL (payload format 2.0):
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApi: Door = { toRequest, toAnswer: (response) => response };

function toRequest(event: Fields): HttpRequest {
  const context = event.requestContext as Fields;
  const http = context.http as Fields;
  const query = toQuery(event);
  const routeKey = text(event.routeKey);
  const path = toApiPath({
    path: text(event.rawPath) || text(http.path),
    // A route key is a method, a space and the path.
    route: routeKey.slice(routeKey.indexOf(' ') + 1),
    parameters: event.pathParameters,
    stage: text(context.stage),
  });
  return {
    method: text(http.method).toUpperCase(),
    path,
    headers: toHeaders(event.headers),
    ...(query && { query }),
    body: { content: event.body ?? '', base64: event.isBase64Encoded === true },
  };
}

/** Events written by hand may have only `queryStringParameters`. */
function toQuery(event: Fields): string {
  const { rawQueryString, queryStringParameters } = event;
  if (typeof rawQueryString === 'string' || !isRecord(queryStringParameters)) return text(rawQueryString);
  return new URLSearchParams(toParameters(event)).toString();
}
