import { isRecord } from '../core/model/value.ts';

/** An HTTP request, whoever carried it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows the question mark in the address, as it was sent; left out where nothing does. */
  readonly query?: string;
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
  const query = toQuery(event);
  const request = {
    method: text(http.method).toUpperCase(),
    path: withoutStage(text(event.rawPath) || text(http.path), text(context.stage)),
    headers: toHeaders(event.headers),
    ...(query && { query }),
    body: { content: event.body ?? '', base64: event.isBase64Encoded === true },
  };
  const requestId = text(context.requestId);
  return { kind: 'http', request, ...(requestId && { requestId }) };
}

/** Events that were made by hand may have the parameters alone. */
function toQuery({ rawQueryString, queryStringParameters }: Fields): string {
  if (typeof rawQueryString === 'string' || !isRecord(queryStringParameters)) return text(rawQueryString);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(queryStringParameters)) parameters.append(name, text(value));
  return parameters.toString();
}

/** Only the stage `$default` leaves no trace in the path. */
function withoutStage(path: string, stage: string): string {
  const prefix = `/${stage}`;
  return stage && stage !== '$default' && (path === prefix || path.startsWith(`${prefix}/`))
    ? path.slice(prefix.length) || '/'
    : path;
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
  const lowered: Record<string, string> = {};
  if (!isRecord(headers)) return lowered;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') lowered[name.toLowerCase()] = value;
  }
  return lowered;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
