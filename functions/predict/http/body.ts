import { RequestError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import { parseMediaType } from './media-type.ts';
import type { EncodedBody, HttpRequest } from './request.ts';

/** Returns the body after base64 and compression are undone: a string if it came as text, else bytes. */
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
  return new RequestError('PayloadTooLarge', `Expected a body of at most ${bodyBytes} bytes, but ${problem}`);
}

function unwrap({ content, base64 }: EncodedBody): string | Uint8Array {
  if (typeof content !== 'string') {
    throw new RequestError('MalformedBody', 'Expected the event to carry its body as a string');
  }
  if (base64 === undefined)
    return looksLikeBase64(content) ? decodeBase64(content, 'JSON, or JSON in base64') : content;
  return base64 ? decodeBase64(content, 'base64') : content;
}

/** Rows in JSON start with a bracket or a brace, which base64 does not contain. */
function looksLikeBase64(content: string): boolean {
  return !/^\s*[[{]/.test(content);
}

/**
 * Decodes base64 in either alphabet, with or without line breaks. Padding may be missing, but must be right if it is
 * there.
 */
function decodeBase64(content: string, expected: string): Buffer {
  const base64 = content.replace(/\s+/g, '');
  const digits = base64.replace(/={1,2}$/, '');
  const isPadded = digits.length < base64.length;
  const isComplete = isPadded ? base64.length % 4 === 0 : digits.length % 4 !== 1;
  // Buffer would silently skip invalid characters.
  if (!isComplete || !/^[\w+/-]*$/.test(digits)) {
    throw new RequestError('MalformedBody', `Expected the body to be ${expected}`);
  }
  return Buffer.from(digits, 'base64');
}

/**
 * Undoes Content-Encoding gzip. The output is limited while it is decompressed, because it can be a thousand times
 * larger than the input.
 */
function unpack(content: string | Uint8Array, encoding = 'identity', limits: Limits): string | Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return content;
  if (name !== 'gzip' && name !== 'x-gzip') {
    const headers = { 'accept-encoding': 'gzip, identity' };
    throw new RequestError('UnsupportedMediaType', 'Expected a body in the content encoding gzip or none', { headers });
  }
  try {
    // Loaded on first use: otherwise it would add 2 ms to every start (bench/NOTES.md).
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return gunzipSync(content, { maxOutputLength: limits.bodyBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits, 'it unpacks to more');
    throw new RequestError('MalformedBody', 'Expected the body to be gzip, but it is invalid or cut off', {
      cause,
    });
  }
}

/** The character that decoders insert for bytes that are not UTF-8. */
const replacement = '\uFFFD';
const utf8 = new TextDecoder('utf-8');

/**
 * Decodes UTF-8. Throws MalformedBody for other bytes. API Gateway decodes texts itself and passes such bytes on as
 * U+FFFD, which the model would read as part of a value.
 */
export function toText(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content : utf8.decode(content);
  const at = text.indexOf(replacement);
  if (at < 0) return text;
  const line = text.slice(0, at).split('\n').length;
  const problem = isUtf16(text) ? 'UTF-16' : `invalid from character ${at} on, in line ${line}`;
  throw new RequestError('MalformedBody', `Expected the body to be UTF-8, but it is ${problem}`);
}

/**
 * Whether the decoded text was UTF-16. The two bytes of its byte order mark never occur in UTF-8, and every other byte
 * of ASCII characters is zero.
 */
function isUtf16(text: string): boolean {
  return text.startsWith(replacement + replacement) && text.includes('\0');
}
