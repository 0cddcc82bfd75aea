import { RequestError } from '../../../core/errors.ts';
import type { Limits } from '../../../core/limits.ts';
import type { Class } from '../../../core/model/classes.ts';
import { toText } from '../../http/body.ts';
import type { ProtocolRequest } from '../protocol.ts';
import { type Datatype, invalid } from './datatype.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * The header of the binary tensor data extension. It gives the length in bytes of the JSON at the beginning of the
 * body. After the JSON come the elements of all tensors with `binary_data_size`, little-endian and without gaps, in the
 * order of the tensors. A string is its length in four bytes, and then its UTF-8. Clients:
 * github.com/triton-inference-server/client
 */
export const lengthHeader = 'inference-header-content-length';

/**
 * The size of an element in bytes, and a function that reads it. 64-bit integers beyond 2^53 lose digits here; the
 * check of values refuses them.
 */
const readers: Readonly<Record<Exclude<Datatype, 'BYTES'>, readonly [number, (from: Buffer, at: number) => unknown]>> =
  {
    BOOL: [1, (from, at) => toBoolean(from.readUInt8(at))],
    UINT8: [1, (from, at) => from.readUInt8(at)],
    UINT16: [2, (from, at) => from.readUInt16LE(at)],
    UINT32: [4, (from, at) => from.readUInt32LE(at)],
    UINT64: [8, (from, at) => Number(from.readBigUInt64LE(at))],
    INT8: [1, (from, at) => from.readInt8(at)],
    INT16: [2, (from, at) => from.readInt16LE(at)],
    INT32: [4, (from, at) => from.readInt32LE(at)],
    INT64: [8, (from, at) => Number(from.readBigInt64LE(at))],
    FP16: [2, (from, at) => toFloat16(from.readUInt16LE(at))],
    FP32: [4, (from, at) => from.readFloatLE(at)],
    FP64: [8, (from, at) => from.readDoubleLE(at)],
  };

/** The bytes after the JSON. Each tensor takes its own from the front. */
export interface Tail {
  readonly remaining: number;
  take(size: number): Buffer;
}

/** Splits the body into the JSON and the bytes after it. Throws MalformedBody if the header does not fit the body. */
export function splitBody({ headers, body }: ProtocolRequest): { json: string; tail: Tail } {
  const header = headers[lengthHeader];
  if (header === undefined) return { json: toText(body), tail: createTail(Buffer.alloc(0)) };
  const bytes = Buffer.from(body);
  if (!/^\d+$/.test(header) || Number(header) > bytes.length) {
    const expected = `a number of bytes within the body, which has ${bytes.length}`;
    throw new RequestError('MalformedBody', `Expected the header ${lengthHeader} to be ${expected}`);
  }
  const length = Number(header);
  return { json: toText(bytes.subarray(0, length)), tail: createTail(bytes.subarray(length)) };
}

function createTail(bytes: Buffer): Tail {
  let rest = bytes;
  return {
    get remaining() {
      return rest.length;
    },
    take(size) {
      const taken = rest.subarray(0, size);
      rest = rest.subarray(size);
      return taken;
    },
  };
}

/** Reads `count` elements. Throws InvalidInput if the bytes are not exactly as many. */
export function readElements(
  bytes: Buffer,
  datatype: Datatype,
  count: number,
  pointer: string,
  limits: Limits,
): unknown[] {
  if (datatype === 'BYTES') return readStrings(bytes, count, pointer, limits);
  const [size, read] = readers[datatype];
  if (bytes.length !== count * size) {
    throw invalid(pointer, `${count * size} bytes for its shape and datatype, got ${bytes.length}`);
  }
  return Array.from({ length: count }, (_, index) => read(bytes, index * size));
}

function readStrings(bytes: Buffer, count: number, pointer: string, limits: Limits): string[] {
  const strings: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && strings.length < count) {
    const start = at + 4;
    at = start + bytes.readUInt32LE(at);
    if (at <= bytes.length) strings.push(readString(bytes.subarray(start, at), pointer, limits));
  }
  if (at !== bytes.length || strings.length < count) {
    throw invalid(pointer, `${count} strings, each its length in 4 bytes and as many bytes, and nothing after them`);
  }
  return strings;
}

function readString(bytes: Uint8Array, pointer: string, { stringLength, textLength = stringLength }: Limits): string {
  const string = decodeUtf8(bytes);
  if (string === undefined) throw invalid(pointer, 'strings in UTF-8');
  if (string.length <= textLength) return string;
  throw invalid(pointer, `strings of at most ${textLength} characters, got one of ${string.length}`);
}

/** A byte other than 0 and 1 stays a number, which the check of values refuses. */
function toBoolean(byte: number): boolean | number {
  return byte > 1 ? byte : byte === 1;
}

/** IEEE 754 binary16: 1 bit for the sign, 5 for the exponent, 10 for the fraction. */
function toFloat16(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (0x400 + fraction) * 2 ** (exponent - 25);
}

/** Numbers as FP64 bytes. The protocol is little-endian, as are the machines of Lambda. */
export function toBytes({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Encodes a class as one element of binary data. */
export function writeElement(value: Class, datatype: Datatype): Buffer {
  if (datatype === 'BOOL') return Buffer.from([Number(value)]);
  if (datatype === 'FP64') return toBytes(Float64Array.of(Number(value)));
  if (datatype === 'INT64') return Buffer.from(BigInt64Array.of(BigInt(value)).buffer);
  const text = Buffer.from(String(value));
  return Buffer.concat([Buffer.from(Uint32Array.of(text.length).buffer), text]);
}
