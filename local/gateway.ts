import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Handler } from '../functions/predict/handler.ts';
import { createContext } from './context.ts';
import { type Event, invocation, type LocalDoor } from './doors/door.ts';

/** Bytes of a request's line and headers that API Gateway lets through. */
export const headerBytes = 10_240;

/** What a handler answers. */
interface Answer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** What a handler rejects with where Lambda would not have invoked it: too many invocations at once. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
}

interface Hooks {
  /** Once it is, an answer is the last on its connection: one that a client keeps open would hold the server up. */
  readonly isEnding?: () => boolean;
  /** Told of each answer, and of the milliseconds since its request. */
  readonly answered?: (status: number, latencyMs: number) => void;
}

/** Answers HTTP requests as a door does that leads to `handler`. */
export function createGateway(handler: Handler, door: LocalDoor, { isEnding, answered }: Hooks = {}): RequestListener {
  return (request, response) => {
    const start = performance.now();
    void integrate(request, handler, door)
      .catch((error: unknown) => {
        if (error instanceof Throttled) return refusal(door, 503, 'Service Unavailable');
        // A client that went away before its request was whole is no fault.
        if (request.complete) console.error(error);
        return refusal(door, door.failed, 'Internal Server Error');
      })
      .then((answer) => {
        if (isEnding?.()) response.setHeader('connection', 'close');
        write(response, answer, answer[door.headers]);
        answered?.(answer.statusCode ?? 200, performance.now() - start);
      });
  };
}

async function integrate(request: IncomingMessage, handler: Handler, door: LocalDoor): Promise<Answer> {
  const body = await readBody(request, door.requestBody);
  if (!body) return refusal(door, 413, 'Request Entity Too Large');
  const event = door.toEvent(request, body);
  if (isTooLarge(event, invocation)) return refusal(door, 413, 'Request Entity Too Large');
  const answer = (await handler(event, createContext(event.requestContext.requestId ?? randomUUID()))) as Answer;
  if (isTooLarge(answer, door.answer)) throw new Error('the answer is larger than the door lets through');
  return answer;
}

/** Undefined when it is longer than `limit`. It is read to its end even so, or the client would see no answer. */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let body: Buffer = Buffer.alloc(0);
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      const start = size;
      size += chunk.length;
      if (size > limit) return;
      if (start === 0) {
        body = chunk;
        return;
      }
      // One buffer that doubles: a list of chunks takes far more than their bytes when each holds one.
      if (size > body.length) body = Buffer.concat([body], Math.max(size, 2 * body.length));
      chunk.copy(body, start);
    });
    request.on('end', () => resolve(size <= limit ? body.subarray(0, size) : undefined));
    request.on('error', reject);
  });
}

/** Measures only what could be too large: in JSON a character takes six bytes at most. */
function isTooLarge(payload: Pick<Event, 'body'>, limit: number): boolean {
  if ((payload.body?.length ?? 0) * 6 < limit / 2) return false;
  return Buffer.byteLength(JSON.stringify(payload)) > limit;
}

/** The door's own answer. */
function refusal({ headers }: LocalDoor, statusCode: number, message: string): Answer {
  return { statusCode, [headers]: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

function write(
  response: ServerResponse,
  answer: Answer,
  headers: Answer['headers'] | Answer['multiValueHeaders'],
): void {
  const { statusCode = 200, body = '', isBase64Encoded } = answer;
  // Where none may come, a length of zero would be said of the body that GET has (RFC 9110, 8.6).
  if (statusCode === 204 || statusCode === 304 || response.req.method === 'HEAD') {
    response.writeHead(statusCode, headers).end();
    return;
  }
  // A text leaves in one piece with the headers; bytes would take a second one.
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(content) }).end(content);
}
