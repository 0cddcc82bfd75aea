import { createHash } from 'node:crypto';
import { createCredentials } from './credentials.ts';
import type { S3Access } from './environment.ts';

/** One request of S3's API. */
export interface S3Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket: string;
  /** Left out, the request is about the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  /** Within which all of a text must be there, and each next chunk of what is read in chunks. */
  readonly timeoutMs: number;
}

export interface S3Answer {
  readonly headers: Headers;
  text(): Promise<string>;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Signs a request and sends it once. Throws S3Error where the answer is none, late, or not of 2xx. */
export type SendToS3 = (call: S3Call) => Promise<S3Answer>;

/** Names the status and S3's own code, and never what was sent. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** 0 where there was no answer. */
  readonly status: number;
  /** Such as `NoSuchKey`; empty where S3 gave none, as to HEAD. */
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

/** S3 by signed requests alone: an SDK would cost the cold start more than all of the function. */
export async function connectToS3({ region, endpoint, credentials }: S3Access): Promise<SendToS3> {
  // Not before: it need not run where nothing is stored.
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
      ...(await clock.watch(readCredentials(clock.signal))),
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
        // S3 sends a request for a bucket of another region elsewhere, where its signature is wrong.
        redirect: 'manual',
        signal: clock.signal,
        ...(body !== undefined && { body }),
      }),
    );
    if (!response.ok) throw toS3Error(response.status, await clock.finish(response.text()));
    return toAnswer(response, clock);
  };
}

/** Stores an object, and rejects where S3 does not say within the time that it did. */
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
  // An environment is frozen between requests, and a connection that it keeps is dead when it wakes.
  connection: 'close',
};

/** The `<Error>` of an answer, which S3 sends with status 200, too. */
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
        // Whoever stops reading does not want the rest. Where it broke off there is none.
        await reader.cancel().catch(() => undefined);
      }
    },
  };
}

interface Clock {
  readonly signal: AbortSignal;
  restart(): void;
  stop(): void;
  /** What a request rejects with becomes an S3Error. */
  watch<T>(promise: Promise<T>): Promise<T>;
  /** Of the last part: stops too. */
  finish<T>(promise: Promise<T>): Promise<T>;
}

function startClock(timeoutMs: number): Clock {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(), timeoutMs);
  let timer = start();
  const stop = () => clearTimeout(timer);
  const watch = async <T>(promise: Promise<T>): Promise<T> => {
    try {
      return await promise;
    } catch (error) {
      stop();
      if (controller.signal.aborted) throw new S3Error(`S3 did not answer within ${timeoutMs} ms`);
      // Of `fetch failed`, what failed.
      throw new S3Error('S3 could not be reached', { cause: (error as Error).cause ?? error });
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
  // A bucket's name with a dot in it fits no certificate as part of a host's name.
  const host = bucket.includes('.') ? `https://${domain}/${bucket}` : `https://${bucket}.${domain}`;
  const path = key.split('/').map(encodeURIComponent).join('/');
  const search = new URLSearchParams(query).toString();
  return `${endpoint ? `${endpoint}/${bucket}` : host}/${path}${search && `?${search}`}`;
}
