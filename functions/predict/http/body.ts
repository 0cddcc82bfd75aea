import { RequestError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import { parseMediaType } from './media-type.ts';
import type { EncodedBody, HttpRequest } from './request.ts';

/** The body of a request as it was before it was packed for the way: text where it came as text, bytes otherwise. */
export function readBody({ body, headers }: HttpRequest, limits: Limits): string | Uint8Array {
  const charset = parseMediaType(headers['content-type'] ?? '').charset;
  if (charset && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw new RequestError('UnsupportedMediaType', 'Expected a body in the charset utf-8');
  }
  const packed = unwrap(body);
  const content = unpack(packed, headers['content-encoding'], limits);
  const size = Buffer.byteLength(content);
  if (size > limits.bodyBytes) throw tooLarge(limits, `it has ${size}`);
  return content;
}

function tooLarge({ bodyBytes }: Limits, problem: string): RequestError {
  return new RequestError('PayloadTooLarge', `Expected a body of at most ${bodyBytes} bytes, and ${problem}`);
}

function unwrap({ content, base64 }: EncodedBody): string | Uint8Array {
  if (typeof content !== 'string') {
    throw new RequestError('MalformedBody', 'Expected the event to carry its body as a string');
  }
  if (base64 === undefined)
    return looksLikeBase64(content) ? decodeBase64(content, 'JSON, or JSON in base64') : content;
  return base64 ? decodeBase64(content, 'base64') : content;
}

/** JSON rows start with a bracket or a brace, which base64 does not have. */
function looksLikeBase64(content: string): boolean {
  return !/^\s*[[{]/.test(content);
}

/** With line breaks or without, in either alphabet; where it is padded, padded right. */
function decodeBase64(content: string, expected: string): Buffer {
  const base64 = content.replace(/\s+/g, '');
  const digits = base64.replace(/={1,2}$/, '');
  const isPadded = digits.length < base64.length;
  const isComplete = isPadded ? base64.length % 4 === 0 : digits.length % 4 !== 1;
  // Buffer skips whatever is no digit.
  if (!isComplete || !/^[\w+/-]*$/.test(digits)) {
    throw new RequestError('MalformedBody', `Expected the body to be ${expected}`);
  }
  return Buffer.from(digits, 'base64');
}

/** Content-Encoding: gzip or none. What is packed may unpack to a thousand times its size, so it is bounded on the way. */
function unpack(content: string | Uint8Array, encoding = 'identity', limits: Limits): string | Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return content;
  if (name !== 'gzip' && name !== 'x-gzip') {
    const headers = { 'accept-encoding': 'gzip, identity' };
    throw new RequestError('UnsupportedMediaType', 'Expected a body in the content encoding gzip or none', { headers });
  }
  try {
    // Loaded when it is needed: it would take 2 ms of every start (bench/NOTES.md).
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return gunzipSync(content, { maxOutputLength: limits.bodyBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits, 'it unpacks to more');
    throw new RequestError('MalformedBody', 'Expected the body to be gzip, but it is invalid or cut off', {
      cause,
    });
  }
}

/** What decoders put where bytes are no UTF-8. */
const replacement = '\uFFFD';
const utf8 = new TextDecoder('utf-8');

/**
 * Throws MalformedBody for what is no UTF-8. API Gateway decodes a text itself and passes such bytes on as U+FFFD, which
 * the model would take for a value of its own.
 */
export function toText(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content : utf8.decode(content);
  const at = text.indexOf(replacement);
  if (at < 0) return text;
  const line = text.slice(0, at).split('\n').length;
  const problem = isUtf16(text) ? 'UTF-16' : `invalid from character ${at} on, in line ${line}`;
  throw new RequestError('MalformedBody', `Expected the body to be UTF-8, but it is ${problem}`);
}

/** Its byte order mark is two bytes that UTF-8 never has, and every other byte of its ASCII is zero. */
function isUtf16(text: string): boolean {
  return text.startsWith(replacement + replacement) && text.includes('\0');
}
