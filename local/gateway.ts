import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Handler } from '../functions/predict/handler.ts';
import { createContext } from './context.ts';
import { type Event, invocation, type LocalDoor } from './doors/door.ts';

/** The most bytes of a request's line and headers that API Gateway accepts. */
export const headerBytes = 10_240;

/** The answer of a handler. */
interface Answer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The error for an invocation that Lambda would not have started, because too many were running. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
}

interface Hooks {
  /**
   * Whether the server is ending. Then each answer closes its connection, because a connection that a client keeps open
   * would keep the server running.
   */
  readonly isEnding?: () => boolean;
  /** Called with each answer's status, and the milliseconds since its request. */
  readonly answered?: (status: number, latencyMs: number) => void;
}

/** Answers HTTP requests like the service that `door` stands for, with `handler` as its function. */
export function createGateway(handler: Handler, door: LocalDoor, { isEnding, answered }: Hooks = {}): RequestListener {
  return (request, response) => {
    const start = performance.now();
    void integrate(request, handler, door)
      .catch((error: unknown) => {
        if (error instanceof Throttled) return refusal(door, door.throttled, STATUS_CODES[door.throttled]);
        // It is not an error if a client closes the connection before it has sent its whole request.
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
  if (isTooLarge(answer, door.answer)) throw new Error(`the answer is too large for ${door.title}`);
  return answer;
}

/**
 * Reads the body. Returns undefined if it is longer than `limit` bytes. Such a body is still read to its end, because
 * the client would otherwise not see the answer.
 */
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
      // One buffer that doubles in size. A list of chunks would take far more memory than their bytes if each chunk has
      // one byte.
      if (size > body.length) body = Buffer.concat([body], Math.max(size, 2 * body.length));
      chunk.copy(body, start);
    });
    request.on('end', () => resolve(size <= limit ? body.subarray(0, size) : undefined));
    request.on('error', reject);
  });
}

/** Measures a payload only if it could be too large: a character takes at most six bytes in JSON. */
function isTooLarge(payload: Pick<Event, 'body'>, limit: number): boolean {
  if ((payload.body?.length ?? 0) * 6 < limit / 2) return false;
  return Buffer.byteLength(JSON.stringify(payload)) > limit;
}

/** Returns the service's own answer when it refuses a request or the function fails. */
function refusal({ headers }: LocalDoor, statusCode: number, message?: string): Answer {
  return { statusCode, [headers]: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

function write(
  response: ServerResponse,
  answer: Answer,
  headers: Answer['headers'] | Answer['multiValueHeaders'],
): void {
  const { statusCode = 200, body = '', isBase64Encoded } = answer;
  // These answers have no body, and no content-length either: a length of zero would describe the body that GET gets
  // (RFC 9110, 8.6).
  if (statusCode === 204 || statusCode === 304 || response.req.method === 'HEAD') {
    response.writeHead(statusCode, headers).end();
    return;
  }
  // Node.js sends a text together with the headers, but bytes in a second piece.
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(content) }).end(content);
}
