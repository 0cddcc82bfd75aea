import type { HttpResponse } from '../../functions/predict/http/response.ts';
import type { TestResponse } from './behaviour.ts';

/** An HTTP request as a test states it. */
export interface TestRequest {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the gateway makes of a handler's answer. */
export function fromHttpResponse(answer: unknown): TestResponse {
  const { statusCode, headers, body, isBase64Encoded } = answer as HttpResponse;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers, bytes, body: bytes.toString() };
}

/** The event that an API Gateway HTTP API makes of a request; JSON arrives as text, anything else as base64. */
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
