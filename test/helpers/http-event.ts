import type { HttpResponse } from '../../functions/predict/http/response.ts';
import type { TestResponse } from './behaviour.ts';

/** An HTTP request in a test. */
export interface TestRequest {
  readonly method?: string;
  /** The path with its query. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The response that the gateway makes from a handler's answer. */
export function fromHttpResponse(answer: unknown): TestResponse {
  const { statusCode, headers, body, isBase64Encoded } = answer as HttpResponse;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers, bytes, body: bytes.toString() };
}

/**
 * The event that an HTTP API of API Gateway makes from a request. JSON and texts without a content encoding arrive as
 * text, and all other bodies as base64.
 */
export function createHttpEvent({ method = 'POST', path, body, headers = {} }: TestRequest) {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const isText = /^(text\/|application\/json)/.test(headers['content-type'] ?? '') && !headers['content-encoding'];
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers,
    requestContext: { http: { method, path: rawPath }, requestId: 'gateway-1', stage: '$default' },
    ...(body !== undefined && { body: Buffer.from(body).toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}
