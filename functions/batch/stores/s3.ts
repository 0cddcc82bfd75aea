import type { S3Access } from '../../core/environment.ts';
import { JobError } from '../job/job-error.ts';
import { parseS3Location, toS3Location } from '../job/s3-location.ts';
import { inParallel } from './in-parallel.ts';
import { type Part, planParts, sizeOf, totalSize } from './s3-parts.ts';
import { createS3Requests, type S3Requests } from './s3-requests.ts';
import { uploadInParts } from './s3-upload.ts';
import type { Piece, Store } from './store.ts';
import { readElements, readText } from './xml.ts';

/**
 * A stream up to this length is written in one request, which is cheaper; a longer one in parts of about this length.
 * The first two parts are collected in memory before anything is sent, to know whether there is more than one.
 */
const partBytes = 32 * 2 ** 20;
/** Pieces up to this total length are read and written again in one request, because S3 does not copy short parts. */
const gatheredBytes = 8 * 2 ** 20;
const putMs = 120_000;
/** How many requests run in parallel: `many` for small ones, `some` for those that hold a part in memory. */
const many = 16;
const some = 4;

/**
 * A store in S3, or in a service with the same API. After the first failure of a request it waits at most twice
 * `retryMs`, and after each further failure up to twice as long as before.
 */
export function createS3Store(access: S3Access, retryMs?: number): Store {
  const requests = createS3Requests(access, retryMs);
  const gather = (pieces: readonly Piece[]) => gatherPieces(pieces, requests);

  return {
    stat: (location) =>
      requests.ask(location, 'read', { method: 'HEAD' }, async ({ headers }) => {
        const [size, version] = [Number(headers.get('content-length')), headers.get('etag') ?? ''];
        return { location, size, version };
      }),

    read: ({ location, version }, start, end) => requests.stream(location, start, end, version),

    get: (location) => getWhole(location, requests),

    async put(location, content) {
      if (content instanceof Uint8Array) return putWhole(location, content as Uint8Array<ArrayBuffer>, requests);
      const parts = toParts(content);
      const [first, second] = [await parts.next(), await parts.next()];
      if (second.done) return putWhole(location, await gather(first.value?.send ?? []), requests);
      const all = chain([first.value as Part, second.value], parts);
      return uploadInParts(location, all, { requests, gather, width: 1 });
    },

    async join(pieces, location) {
      if (totalSize(pieces) <= gatheredBytes) return putWhole(location, await gather(pieces), requests);
      return uploadInParts(location, planParts(pieces), { requests, gather, width: some });
    },

    list: (location) => listUnder(location, requests),

    async remove(locations) {
      await inParallel(locations, many, (location) =>
        requests.ask(location, 'write', { method: 'DELETE' }, (answer) => answer.text()),
      );
    },
  };
}

async function putWhole(location: string, body: Uint8Array<ArrayBuffer>, requests: S3Requests): Promise<void> {
  await requests.ask(location, 'write', { method: 'PUT', body, timeoutMs: putMs }, (answer) => answer.text());
}

async function getWhole(location: string, requests: S3Requests): Promise<Uint8Array | undefined> {
  try {
    return await requests.ask(location, 'read', { method: 'GET' }, ({ chunks }) => concatenate(chunks()));
  } catch (error) {
    if (error instanceof JobError && isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing({ cause }: JobError): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 'NoSuchKey';
}

async function gatherPieces(pieces: readonly Piece[], requests: S3Requests): Promise<Uint8Array<ArrayBuffer>> {
  const read = async (piece: Piece) => {
    if (piece instanceof Uint8Array) return piece;
    const { location, start, end } = piece;
    if (start === end) return new Uint8Array();
    const headers = { range: `bytes=${start}-${end - 1}` };
    const bytes = await requests.ask(location, 'read', { method: 'GET', headers }, ({ chunks }) =>
      concatenate(chunks()),
    );
    if (bytes.length === sizeOf(piece)) return bytes;
    throw new JobError('Unavailable', `${location} is shorter than it was written`);
  };
  return Buffer.concat(await inParallel(pieces, many, read));
}

async function concatenate(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Yields parts of about `partBytes` as the content arrives. */
async function* toParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Part & { send: Piece[] }, undefined> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    gathered.push(chunk);
    length += chunk.length;
    if (length < partBytes) continue;
    yield { send: gathered };
    gathered = [];
    length = 0;
  }
  if (length > 0) yield { send: gathered };
}

async function* chain<T>(first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T, void> {
  yield* first;
  yield* rest;
}

async function listUnder(location: string, requests: S3Requests) {
  const { bucket, key } = parseS3Location(location);
  const prefix = key.endsWith('/') ? key : `${key}/`;
  const found: { location: string; size: number }[] = [];
  let token: string | undefined;
  do {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token !== undefined && { 'continuation-token': token }),
    };
    const page = await requests.askBucket(bucket, { method: 'GET', query }, (answer) => answer.text());
    // The request asks for URL encoding, because keys may hold characters that XML cannot. A server that does not
    // support it leaves this element out.
    const isEncoded = readText(page, 'EncodingType') === 'url';
    for (const entry of readElements(page, 'Contents')) {
      const text = readText(entry, 'Key') ?? '';
      const name = isEncoded ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
      found.push({ location: toS3Location(bucket, name), size: Number(readText(entry, 'Size')) });
    }
    token = readText(page, 'NextContinuationToken');
  } while (token !== undefined);
  return found;
}
