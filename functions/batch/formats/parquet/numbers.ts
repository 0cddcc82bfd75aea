import type { SchemaElement } from 'hyparquet';
import { isUnsigned, typeOf } from './column-type.ts';
import type { Convert } from './cursor.ts';
import { toDecimal } from './decimal.ts';

/**
 * Creates the conversion of a column to numbers. An integer beyond 2^53 becomes the nearest double, like in JSON.parse.
 */
export function toNumbers(element: SchemaElement): Convert {
  if (typeOf(element) === 'decimal') {
    const convert = toDecimal(element);
    return (stored) => Float64Array.from(stored as ArrayLike<unknown>, (value) => Number(convert(value)));
  }
  if (element.type === 'FIXED_LEN_BYTE_ARRAY') return (stored) => Float64Array.from(stored as Uint8Array[], toHalf);
  const unsigned = isUnsigned(element);
  return (stored) => {
    if (stored instanceof Float64Array) return stored;
    if (stored instanceof BigInt64Array) return unsigned ? fromUnsigned(stored) : fromIntegers(stored);
    if (unsigned) return Float64Array.from(stored as Int32Array, (value) => value >>> 0);
    return new Float64Array(stored as Int32Array);
  };
}

/**
 * Converts int64 by 32-bit halves (little-endian, as on all machines that this runs on). A bigint per value takes ten
 * times as long.
 */
function fromIntegers({ buffer, byteOffset, length }: BigInt64Array): Float64Array {
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const numbers = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const low = (halves[2 * index] as number) >>> 0;
    numbers[index] = (halves[2 * index + 1] as number) * 2 ** 32 + low;
  }
  return numbers;
}

function fromUnsigned(stored: BigInt64Array): Float64Array {
  const numbers = new Float64Array(stored.length);
  for (let index = 0; index < stored.length; index += 1)
    numbers[index] = Number(BigInt.asUintN(64, stored[index] as bigint));
  return numbers;
}

/** Reads an IEEE 754 binary16 number. */
export function toHalf(bytes: Uint8Array): number {
  const bits = ((bytes[1] as number) << 8) | (bytes[0] as number);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** Decodes UTF-8. */
export function toText({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('utf8');
}
