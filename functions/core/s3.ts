import { createHash } from 'node:crypto';
import { createCredentials } from './credentials.ts';
import type { S3Access } from './environment.ts';

/** One request to the S3 API. */
export interface S3Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket: string;
  /** If left out, the request is about the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  /** The time for a whole text answer, or for each next chunk of a streamed one. */
  readonly timeoutMs: number;
}

export interface S3Answer {
  readonly headers: Headers;
  text(): Promise<string>;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Signs a request and sends it once. Throws S3Error if no answer comes in time, or its status is not 2xx. */
export type SendToS3 = (call: S3Call) => Promise<S3Answer>;

/** A failed request, with the status and S3's own code. Never holds what was sent. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** 0 if there was no answer. */
  readonly status: number;
  /** Such as `NoSuchKey`; empty if S3 sent none, as for HEAD. */
  readonly code: string;

  constructor(
    message: string,
    { status = 0, code = '', cause }: { status?: number; code?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
  }
}

/**
 * Sends signed requests to S3 without the AWS SDK, which would add more to the cold start than the rest of the
 * function.
 */
export async function connectToS3({ region, endpoint, credentials }: S3Access): Promise<SendToS3> {
  // Imported here, so that a function that makes no requests to S3 does not load it.
  const { AwsV4Signer } = await import('aws4fetch');
  const cache = new Map<string, ArrayBuffer>();
  const readCredentials = createCredentials(credentials);

  return async ({ method, bucket, key = '', query = {}, headers, body, timeoutMs }) => {
    const url = toAddress(bucket, key, query, { region, endpoint });
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const clock = startClock(timeoutMs);
    const signer = new AwsV4Signer({
      ...(await clock.watch(readCredentials(clock.signal), ofCredentials)),
      method,
      url,
      headers: { ...headers, 'x-amz-content-sha256': digest },
      service: 's3',
      region,
      cache,
    });
    const signed = await signer.sign();
    const response = await clock.watch(
      fetch(signed.url, {
        method,
        headers: signed.headers,
        // S3 redirects a request for a bucket in another region. The signature would be wrong there, so redirects are
        // not followed.
        redirect: 'manual',
        signal: clock.signal,
        ...(body !== undefined && { body }),
      }),
    );
    if (!response.ok) throw toS3Error(response.status, await clock.finish(response.text()));
    return toAnswer(response, clock);
  };
}

/** Stores an object. Rejects if S3 does not confirm it in time. */
export type PutObject = (key: string, body: string, timeoutMs: number) => Promise<void>;

export async function createPutObject(bucket: string, access: S3Access): Promise<PutObject> {
  const send = await connectToS3(access);
  return async (key, body, timeoutMs) => {
    const answer = await send({ method: 'PUT', bucket, key, headers, body, timeoutMs });
    await answer.text();
  };
}

const headers = {
  'content-type': 'application/json',
  // Lambda freezes the environment between requests. A connection that was kept open is dead when it wakes.
  connection: 'close',
};

/** Reads the `<Error>` of an answer. S3 may also send one with status 200. */
export function toS3Error(status: number, answer: string): S3Error {
  const code = /<Code>(\w+)/.exec(answer)?.[1] ?? '';
  return new S3Error(`S3 answered ${status} ${code}`.trim(), { status, code });
}

function toAnswer(response: Response, clock: Clock): S3Answer {
  return {
    headers: response.headers,
    text: () => clock.finish(response.text()),
    async *chunks() {
      const reader = (response.body ?? new Blob([]).stream()).getReader();
      try {
        for (;;) {
          clock.restart();
          const { value, done } = await clock.watch(reader.read());
          clock.stop();
          if (done) return;
          yield value;
        }
      } finally {
        clock.stop();
        // A reader that stops early does not need the rest. Cancelling fails if the connection broke, which does not
        // matter here.
        await reader.cancel().catch(() => undefined);
      }
    },
  };
}

/** What the error says if the answer comes too late, or the request fails. */
interface Messages {
  readonly late: string;
  readonly failed: string;
}

const ofS3: Messages = { late: 'S3 did not answer', failed: 'S3 could not be reached' };
const ofCredentials: Messages = {
  late: 'The endpoint of the credentials did not answer',
  failed: 'The credentials could not be fetched',
};

interface Clock {
  readonly signal: AbortSignal;
  restart(): void;
  stop(): void;
  /** Waits for a promise, and turns its rejection into an S3Error with one of the messages. */
  watch<T>(promise: Promise<T>, messages?: Messages): Promise<T>;
  /** Like `watch` for the last part: also stops the clock. */
  finish<T>(promise: Promise<T>): Promise<T>;
}

function startClock(timeoutMs: number): Clock {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(), timeoutMs);
  let timer = start();
  const stop = () => clearTimeout(timer);
  const watch = async <T>(promise: Promise<T>, { late, failed } = ofS3): Promise<T> => {
    try {
      return await promise;
    } catch (error) {
      stop();
      if (controller.signal.aborted) throw new S3Error(`${late} within ${timeoutMs} ms`);
      // The error of `fetch` only says `fetch failed`; its cause says why.
      throw new S3Error(failed, { cause: (error as Error).cause ?? error });
    }
  };
  return {
    signal: controller.signal,
    restart() {
      stop();
      timer = start();
    },
    stop,
    watch,
    finish: (promise) => watch(promise).finally(stop),
  };
}

function toAddress(
  bucket: string,
  key: string,
  query: Readonly<Record<string, string>>,
  { region, endpoint }: Pick<S3Access, 'region' | 'endpoint'>,
): string {
  const domain = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  // S3's certificate does not cover a host name that contains a bucket name with a dot.
  const host = bucket.includes('.') ? `https://${domain}/${bucket}` : `https://${bucket}.${domain}`;
  const path = key.split('/').map(encodeURIComponent).join('/');
  const search = new URLSearchParams(query).toString();
  return `${endpoint ? `${endpoint}/${bucket}` : host}/${path}${search && `?${search}`}`;
}
