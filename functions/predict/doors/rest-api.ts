import type { HttpRequest } from '../http/request.ts';
import { toApiPath } from './api-path.ts';
import type { Door } from './door.ts';
import { type Fields, text, toAllHeaders, toParameters } from './fields.ts';

/**
 * API Gateway's REST API, and an HTTP API that is set to payload format 1.0:
 * docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApi: Door = { toRequest, toAnswer: (response) => response };

function toRequest(event: Fields): HttpRequest {
  const { stage } = event.requestContext as Fields;
  // A REST API passes base64 on as text unless binaryMediaTypes has the type. So answers are not compressed here. The
  // API compresses by itself if minimumCompressionSize is set.
  const { 'accept-encoding': _, ...headers } = toAllHeaders(event);
  const query = new URLSearchParams(toParameters(event)).toString();
  const path = toApiPath({
    path: text(event.path),
    route: text(event.resource),
    parameters: event.pathParameters,
    stage: text(stage),
  });
  return {
    method: text(event.httpMethod).toUpperCase(),
    path,
    headers,
    ...(query && { query }),
    body: { content: event.body ?? '', base64: event.isBase64Encoded === true },
  };
}
