import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '../../functions/core/environment.ts';
import type { CaptureConfig } from '../../functions/predict/config.ts';

export interface StoredObject {
  /** The bucket and the key. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeS3 {
  readonly config: CaptureConfig;
  readonly objects: StoredObject[];
  stop(): Promise<void>;
}

export const credentials: Required<Credentials> = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a session',
};
const region = 'eu-west-1';

/** The milliseconds that a test waits for this server: more than an upload takes on the slowest machine. */
export const patientMs = 50_000;

/**
 * How the server treats a request with a valid signature: it stores the object, never answers, never ends its answer,
 * or answers an error.
 */
export type Mood = 'stores' | 'hangs' | 'hangs in its answer' | { readonly status: number; readonly code: string };

/**
 * Starts a server that stores objects like S3, if the requests are signed with the right secret. Its only bucket is
 * `kept`. `bucket` is the bucket of the returned configuration.
 */
export async function startS3(mood: Mood = 'stores', bucket = 'kept'): Promise<FakeS3> {
  const objects: StoredObject[] = [];
  const server = createServer(async (request, response) => {
    const refuse = (status: number, code: string) =>
      response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
    const body = await readAll(request);
    const path = decodeURIComponent(String(request.url));
    if (!isSigned(request, body)) return refuse(403, 'SignatureDoesNotMatch');
    if (!path.startsWith('/kept/')) return refuse(404, 'NoSuchBucket');
    if (typeof mood === 'object') return refuse(mood.status, mood.code);
    if (mood === 'hangs') return;
    if (mood === 'hangs in its answer') return response.writeHead(200, { 'content-length': 1 }).flushHeaders();
    objects.push({ path, headers: request.headers, body });
    return response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    config: { bucket, rate: 1, region, endpoint, credentials },
    objects,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Checks a signature of AWS Signature Version 4 with a signed payload, as S3's documentation describes it. */
function isSigned({ method, url, headers }: IncomingMessage, body: string): boolean {
  const text = headers.authorization ?? '';
  const [, key, day, scope, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(text) ??
    [];
  const signed = names.split(';');
  const time = String(headers['x-amz-date']);
  const isFresh = Math.abs(Date.now() - Date.parse(toIso(time))) < 60_000 && time.startsWith(String(day));
  const isWhole =
    ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'].every((name) => signed.includes(name)) &&
    headers['x-amz-content-sha256'] === sha256(body) &&
    headers['x-amz-security-token'] === credentials.sessionToken;
  if (key !== credentials.accessKeyId || scope !== `${region}/s3/aws4_request` || !isFresh || !isWhole) return false;

  const path = decodeURIComponent(url ?? '').replace(/[^\w.~/-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const lines = signed.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = [method, path, '', lines, names, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${scope}`, sha256(request)].join('\n');
  const secret = [day ?? '', region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  return hmac(secret, toSign).toString('hex') === signature;
}

/** Adds to `20260131T010203Z` the separators that Date.parse needs. */
function toIso(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
}
