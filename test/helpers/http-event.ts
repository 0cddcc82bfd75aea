/** An HTTP request as a test states it. */
export interface TestRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The event that an API Gateway HTTP API makes of a request; JSON arrives as text, anything else as base64. */
export function createHttpEvent({ method = 'POST', path, body, headers = {} }: TestRequest) {
  const isText = headers['content-type'] === 'application/json';
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: { http: { method, path }, requestId: 'gateway-1', stage: '$default' },
    ...(body !== undefined && { body: Buffer.from(body).toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}
