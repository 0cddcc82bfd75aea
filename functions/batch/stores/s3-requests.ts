import { setTimeout as pause } from 'node:timers/promises';
import type { S3Access } from '../../core/environment.ts';
import { connectToS3, type S3Answer, type S3Call, S3Error, type SendToS3 } from '../../core/s3.ts';
import { JobError } from '../job/job-error.ts';
import { parseS3Location } from '../job/s3-location.ts';

/** Whether an object is to be read or written. This decides which error a missing or forbidden object becomes. */
export type Purpose = 'read' | 'write';

export type S3Request = Omit<S3Call, 'bucket' | 'key' | 'timeoutMs'> & { readonly timeoutMs?: number };

export interface S3Requests {
  /** Sends a request for an object, and again after temporary failures. `take` converts the answer. */
  ask<T>(location: string, purpose: Purpose, request: S3Request, take: (answer: S3Answer) => Promise<T>): Promise<T>;
  /** The same for a bucket. */
  askBucket<T>(bucket: string, request: S3Request, take: (answer: S3Answer) => Promise<T>): Promise<T>;
  /** Yields the bytes from `start` to `end` - 1. If the connection breaks, continues after the last byte received. */
  stream(location: string, start: number, end: number, version: string): AsyncIterable<Uint8Array>;
}

const attempts = 4;
const answerMs = 30_000;

/** Creates the requests. Errors become JobErrors that name the location. */
export function createS3Requests(access: S3Access, retryMs = 200): S3Requests {
  const connecting = connectToS3(access);
  const waitOrThrow = async (error: unknown, failures: number, location: string, purpose: Purpose) => {
    if (failures === attempts || !passes(error)) throw toJobError(error, location, purpose);
    await pause(Math.random() * retryMs * 2 ** failures);
  };

  const repeat = async <T>(location: string, purpose: Purpose, once: () => Promise<T>): Promise<T> => {
    for (let failures = 1; ; failures++) {
      try {
        return await once();
      } catch (error) {
        await waitOrThrow(error, failures, location, purpose);
      }
    }
  };

  return {
    ask(location, purpose, request, take) {
      const { bucket, key } = parseS3Location(location);
      return repeat(location, purpose, async () => {
        const send = await connecting;
        return take(await send({ timeoutMs: answerMs, ...request, bucket, key }));
      });
    },

    askBucket(bucket, request, take) {
      return repeat(`s3://${bucket}`, 'read', async () => {
        const send = await connecting;
        return take(await send({ timeoutMs: answerMs, ...request, bucket }));
      });
    },

    async *stream(location, start, end, version) {
      const send = await connecting;
      let at = start;
      for (let failures = 0; at < end; ) {
        try {
          for await (const chunk of streamOnce(send, location, { start: at, end, version })) {
            at += chunk.length;
            failures = 0;
            yield chunk;
          }
        } catch (error) {
          await waitOrThrow(error, ++failures, location, 'read');
        }
      }
    },
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly version: string;
}

async function* streamOnce(
  send: SendToS3,
  location: string,
  { start, end, version }: Range,
): AsyncGenerator<Uint8Array> {
  const headers = { range: `bytes=${start}-${end - 1}`, 'if-match': version };
  const answer = await send({ method: 'GET', ...parseS3Location(location), headers, timeoutMs: answerMs });
  let length = 0;
  for await (const chunk of answer.chunks()) {
    length += chunk.length;
    yield chunk;
  }
  if (length < end - start) throw new S3Error('The connection to S3 broke');
}

const passingCodes = ['RequestTimeout', 'SlowDown', 'OperationAborted', 'ConditionalRequestConflict', 'InternalError'];

function passes(error: unknown): boolean {
  if (!(error instanceof S3Error)) return false;
  const { status, code } = error;
  return status === 0 || status === 429 || status >= 500 || passingCodes.includes(code);
}

/**
 * Errors after which the whole step must start again: the role's credentials expired, the clock is wrong, or an upload
 * was completed or aborted by a request whose answer was lost.
 */
const startOverCodes = ['ExpiredToken', 'TokenRefreshRequired', 'RequestTimeTooSkewed', 'NoSuchUpload'];

function toJobError(error: unknown, location: string, purpose: Purpose): unknown {
  if (!(error instanceof S3Error)) return error;
  const { status, code, message } = error;
  const fail = (name: JobError['name'], text: string) => new JobError(name, `${text} (${message})`, { cause: error });
  if (passes(error) || startOverCodes.includes(code))
    return fail('Unavailable', `${location} is temporarily unavailable`);
  if (status === 412 || status === 416)
    return fail('InputChanged', `${location} has changed since the job was planned`);
  if (status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed') {
    return fail('InvalidJob', `${location} must be in the region of the function`);
  }
  if (purpose === 'write') return fail('InvalidJob', `${location} cannot be written`);
  if (status === 404) return fail('InputNotFound', `There is no ${location}`);
  return fail('InputNotFound', `${location} does not exist, or the function may not read it`);
}
