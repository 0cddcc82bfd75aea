import type { HttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import type { Door } from './door.ts';
import { type Fields, text, toAllHeaders, toParameters } from './fields.ts';

/** A load balancer passes on at most 1 MB of JSON, and answers 502 to more. */
const answerBytes = 1_000_000;

/**
 * An Application Load Balancer:
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const loadBalancer: Door = { toRequest, toAnswer: withDescription, answerBytes };

/**
 * A load balancer whose target group has multi-value headers. It ignores `headers`; one without that setting ignores
 * `multiValueHeaders`.
 */
export const multiValueLoadBalancer: Door = {
  toRequest,
  toAnswer: ({ headers, ...response }) => {
    const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    return { ...withDescription(response), multiValueHeaders };
  },
  answerBytes,
};

function toRequest(event: Fields): HttpRequest {
  // Joined unchanged: a load balancer decodes neither names nor values.
  const query = toParameters(event)
    .map((pair) => pair.join('='))
    .join('&');
  return {
    method: text(event.httpMethod).toUpperCase(),
    path: text(event.path),
    headers: toAllHeaders(event),
    ...(query && { query }),
    body: { content: event.body ?? '', base64: event.isBase64Encoded === true },
  };
}

function withDescription<Response extends Pick<HttpResponse, 'statusCode'>>(response: Response) {
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  return { ...response, statusDescription: `${response.statusCode} ${STATUS_CODES[response.statusCode]}` };
}
