import { RequestError } from './errors.ts';

/** An HTTP request, whoever carried it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: EncodedBody;
}

/** A body as an event carries it; `base64` is undefined where the event does not say. */
export interface EncodedBody {
  readonly content: unknown;
  readonly base64: boolean | undefined;
}

/** The three ways to call the function: HTTP through a gateway, a bare body as the console's test event, a raw payload. */
export type Call =
  | { readonly kind: 'http'; readonly requestId?: string; readonly request: HttpRequest }
  | { readonly kind: 'direct'; readonly requestId?: never; readonly payload: unknown };

/** Takes whatever JSON can hold: an event that is no HTTP request is a raw payload. */
export function toCall(event: unknown): Call {
  if (!isRecord(event)) return { kind: 'direct', payload: event };
  if (isRecord(event.requestContext) && isRecord(event.requestContext.http)) {
    return fromGateway(event, event.requestContext, event.requestContext.http);
  }
  if (isBareBody(event)) return { kind: 'http', request: fromBareBody(event) };
  return { kind: 'direct', payload: event };
}

type Fields = Readonly<Record<string, unknown>>;

/** API Gateway HTTP API, payload format 2.0. Function URLs send the same. */
function fromGateway(event: Fields, context: Fields, http: Fields): Call {
  const request = {
    method: text(http.method).toUpperCase(),
    path: text(event.rawPath) || text(http.path),
    headers: toHeaders(event.headers),
    body: { content: event.body ?? '', base64: event.isBase64Encoded === true },
  };
  const requestId = text(context.requestId);
  return { kind: 'http', request, ...(requestId && { requestId }) };
}

function isBareBody(event: Fields): boolean {
  return 'body' in event && Object.keys(event).every((key) => key === 'body' || key === 'isBase64Encoded');
}

function fromBareBody(event: Fields): HttpRequest {
  const base64 = typeof event.isBase64Encoded === 'boolean' ? event.isBase64Encoded : undefined;
  return { method: 'POST', path: '/predict', headers: {}, body: { content: event.body, base64 } };
}

/** The gateway sends lower-case names; `sam local` sends them as the client wrote them. */
function toHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (!isRecord(headers)) return {};
  const strings = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(strings.map(([name, value]) => [name.toLowerCase(), value]));
}

/** The body as text. Throws MalformedBody unless it is a string that holds base64 (where it should) and UTF-8. */
export function toText({ content, base64 }: EncodedBody): string {
  if (typeof content !== 'string') {
    throw new RequestError('MalformedBody', 'Expected the event to carry its body as a string');
  }
  return (base64 ?? looksLikeBase64(content)) ? decodeUtf8(decodeBase64(content)) : content;
}

/** JSON rows start with a bracket or a brace, which base64 does not have. */
function looksLikeBase64(content: string): boolean {
  return !/^\s*[[{]/.test(content);
}

/** With line breaks or without, in either alphabet; where it is padded, padded right. */
function decodeBase64(content: string): Buffer {
  const base64 = content.replace(/\s+/g, '');
  const digits = base64.replace(/={1,2}$/, '');
  const isPadded = digits.length < base64.length;
  const isComplete = isPadded ? base64.length % 4 === 0 : digits.length % 4 !== 1;
  // Buffer skips whatever is no digit.
  if (!isComplete || !/^[\w+/-]*$/.test(digits)) {
    throw new RequestError('MalformedBody', 'Expected the body to be base64');
  }
  return Buffer.from(digits, 'base64');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new RequestError('MalformedBody', 'Expected the body to be UTF-8', { cause });
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
