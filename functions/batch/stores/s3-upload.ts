import { type S3Answer, toS3Error } from '../../core/s3.ts';
import { parseS3Location } from '../job/s3-location.ts';
import { inParallel } from './in-parallel.ts';
import type { Part } from './s3-parts.ts';
import type { S3Requests } from './s3-requests.ts';
import type { Piece } from './store.ts';
import { readText, toXmlText } from './xml.ts';

/** Reads and concatenates pieces. */
export type Gather = (pieces: readonly Piece[]) => Promise<Uint8Array<ArrayBuffer>>;

const partMs = 120_000;
/** S3 may take this long to answer while it assembles a large object. */
const completeMs = 300_000;

/**
 * Writes an object in a multipart upload, `width` parts at a time. The object appears when all parts are there. If the
 * upload fails, it is aborted, so that S3 deletes its parts.
 */
export async function uploadInParts(
  location: string,
  parts: Iterable<Part> | AsyncIterable<Part>,
  { requests, gather, width }: { requests: S3Requests; gather: Gather; width: number },
): Promise<void> {
  const uploadId = await requests.ask(location, 'write', { method: 'POST', query: { uploads: '' } }, (answer) =>
    readRequired(answer, 'UploadId'),
  );
  try {
    const etags = await inParallel(parts, width, async (part, index) => {
      const query = { partNumber: String(index + 1), uploadId };
      return 'copy' in part
        ? copyPart(location, part, query, requests)
        : sendPart(location, await gather(part.send), query, requests);
    });
    await complete(location, uploadId, etags, requests);
  } catch (error) {
    const abort = requests.ask(location, 'write', { method: 'DELETE', query: { uploadId } }, (answer) => answer.text());
    // If aborting fails too, the parts stay until a lifecycle rule of the bucket removes them.
    await abort.catch(() => undefined);
    throw error;
  }
}

type Query = Readonly<Record<string, string>>;

function sendPart(location: string, body: Uint8Array<ArrayBuffer>, query: Query, requests: S3Requests) {
  return requests.ask(location, 'write', { method: 'PUT', query, body, timeoutMs: partMs }, async (answer) => {
    await answer.text();
    return answer.headers.get('etag') ?? '';
  });
}

function copyPart(location: string, { copy }: Extract<Part, { copy: unknown }>, query: Query, requests: S3Requests) {
  const { bucket, key } = parseS3Location(copy.location);
  const headers = {
    'x-amz-copy-source': `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    'x-amz-copy-source-range': `bytes=${copy.start}-${copy.end - 1}`,
  };
  return requests.ask(location, 'write', { method: 'PUT', query, headers, timeoutMs: partMs }, (answer) =>
    readRequired(answer, 'ETag'),
  );
}

async function complete(location: string, uploadId: string, etags: readonly string[], requests: S3Requests) {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${toXmlText(etag)}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
  const headers = { 'content-type': 'application/xml' };
  const request = { method: 'POST', query: { uploadId }, headers, body, timeoutMs: completeMs } as const;
  await requests.ask(location, 'write', request, (answer) => readRequired(answer, 'ETag'));
}

/**
 * Reads an element that the answer must have. S3 sends status 200 for some requests before it knows the outcome, so a
 * missing element means an error.
 */
async function readRequired(answer: S3Answer, name: string): Promise<string> {
  const text = await answer.text();
  const value = readText(text, name);
  if (value === undefined) throw toS3Error(200, text);
  return value;
}
