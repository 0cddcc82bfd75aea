import { createHash } from 'node:crypto';
import type { HttpRequest } from '../event.ts';
import type { Content } from './content.ts';

/** What the gateway makes an HTTP response of (payload format 2.0). */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Bytes above which an answer is packed for a client that takes it so. */
const gzipAbove = 8 * 1024;

/** Packs the content for the client that asked for it. */
export function toHttpResponse(content: Content, { method, headers }: HttpRequest, requestId: string): HttpResponse {
  const etag = content.isStatic && toEtag(content.body);
  const caching = etag ? { 'cache-control': 'no-cache', etag } : { 'cache-control': 'no-store' };
  const common = {
    ...caching,
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...content.headers,
  };
  if (etag && matches(headers['if-none-match'], etag)) return toResponse(304, common, '');
  if (method === 'HEAD') return toResponse(content.status, common, '');
  if (content.body.length <= gzipAbove || !takesGzip(headers['accept-encoding'])) {
    return toResponse(content.status, common, content.body);
  }
  const vary = [content.headers.vary, 'accept-encoding'].filter(Boolean).join(', ');
  const packed = { ...common, 'content-encoding': 'gzip', vary };
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  return toResponse(content.status, packed, gzipSync(content.body, { level: 1 }));
}

function toEtag(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

function toResponse(statusCode: number, headers: HttpResponse['headers'], body: string | Uint8Array): HttpResponse {
  const isText = typeof body === 'string';
  return { statusCode, headers, body: isText ? body : Buffer.from(body).toString('base64'), isBase64Encoded: !isText };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false;
}

function takesGzip(acceptEncoding = ''): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(acceptEncoding);
}
