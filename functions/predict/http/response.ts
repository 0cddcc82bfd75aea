import { createHash } from 'node:crypto';
import type { Content } from './content.ts';
import { negotiate } from './media-type.ts';
import type { HttpRequest } from './request.ts';

/** A response in API Gateway's payload format 2.0. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** A longer body is compressed if the client accepts gzip. Counted in characters of a text, otherwise in bytes. */
const gzipAbove = 8 * 1024;

/** Converts content to a response: adds headers, handles HEAD and If-None-Match, and compresses. */
export function toHttpResponse(content: Content, { method, headers }: HttpRequest, requestId: string): HttpResponse {
  const { status, body } = content;
  const etag = content.isStatic && toEtag(body);
  const isLarge = body.length > gzipAbove;
  const vary = [content.headers.vary, isLarge && 'accept-encoding'].filter(Boolean).join(', ');
  const common = {
    ...(etag ? { 'cache-control': 'no-cache', etag } : { 'cache-control': 'no-store' }),
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...content.headers,
    ...(vary && { vary }),
  };
  if (etag && matches(headers['if-none-match'], etag)) return toResponse(304, common, '');
  if (method === 'HEAD') return toResponse(status, common, '');
  if (content.isPacked) return toResponse(status, { ...common, 'content-encoding': 'gzip' }, body);
  if (!isLarge || !takesGzip(headers['accept-encoding'])) return toResponse(status, common, body);
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  return toResponse(status, { ...common, 'content-encoding': 'gzip' }, gzipSync(body, { level: 1 }));
}

/** A weak ETag, because it stands for the document both compressed and uncompressed. */
function toEtag(body: string | Uint8Array): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

function toResponse(statusCode: number, headers: HttpResponse['headers'], body: string | Uint8Array): HttpResponse {
  const isText = typeof body === 'string';
  return { statusCode, headers, body: isText ? body : Buffer.from(body).toString('base64'), isBase64Encoded: !isText };
}

/** Compares ETags weakly (RFC 9110, 8.8.3.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const toOpaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || toOpaque(tag) === toOpaque(etag)) ?? false;
}

export function takesGzip(acceptEncoding = ''): boolean {
  return /[^\s,]/.test(acceptEncoding) && negotiate(acceptEncoding, ['gzip']) !== undefined;
}
