import { exactPowers, fillPower, inverseRests, inverses, toProductError } from './exact.ts';

const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const letterE = 0x65;
/** The bit that distinguishes small from capital letters in ASCII. */
const smallBit = 0x20;

/** Returned in place of a magnitude if it may be rounded wrongly. It is -1 because no magnitude is negative. */
const unproven = -1;

/**
 * The digits read so far, without leading zeros: the first nine as a number, the others as a number, and the count of
 * the others.
 */
const digits = new Int32Array(3);

/**
 * Reads the number in bytes[start] to bytes[end - 1]. The result equals Number() of the same text if that is a decimal
 * number, such as -5, +.5, 5. or 1E-3. NaN for anything else: no bytes, spaces, words, hexadecimal digits.
 *
 * If the digits are an integer below 2^53 and the power of ten is from -22 to 22, both are exact doubles. Multiplying
 * or dividing them rounds once, and so correctly (W. D. Clinger, "How to read floating point numbers accurately",
 * 1990). Other numbers of up to 20 digits are multiplied with twice a double's bits. Number() reads the text if that
 * result is too close to the middle between two doubles, if there are more than 20 digits, or if the power of ten is
 * not from -200 to 0.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  const from = skipSign(bytes, start, end);
  const magnitude = readMagnitude(bytes, from, end);
  return from > start && bytes[start] === minus ? -magnitude : magnitude;
}

function skipSign(bytes: Uint8Array, at: number, end: number): number {
  return at < end && (bytes[at] === minus || bytes[at] === plus) ? at + 1 : at;
}

function readMagnitude(bytes: Uint8Array, start: number, end: number): number {
  digits[0] = digits[1] = digits[2] = 0;
  const whole = readDigits(bytes, start, end);
  const hasPoint = whole < end && bytes[whole] === point;
  const to = hasPoint ? readDigits(bytes, whole + 1, end) : whole;
  if (to - start === (hasPoint ? 1 : 0)) return Number.NaN;
  const exponent = readExponent(bytes, to, end);
  if (Number.isNaN(exponent)) return Number.NaN;
  const scale = hasPoint ? exponent - (to - whole - 1) : exponent;
  const magnitude = (digits[2] as number) > 9 ? readLong(bytes, start, to, scale) : readShort(scale);
  return magnitude === unproven ? readText(bytes, start, end) : magnitude;
}

/**
 * Appends digits to `digits`. Returns the position after them. With more than nine other digits, digits[1] has
 * overflowed, and only its lowest 32 bits are right.
 */
function readDigits(bytes: Uint8Array, start: number, end: number): number {
  let first = digits[0] as number;
  let others = digits[1] as number;
  let count = digits[2] as number;
  let at = start;
  for (; at < end; at += 1) {
    const digit = (bytes[at] as number) - zero;
    if (digit < 0 || digit > 9) break;
    if (first < 1e8) first = (first * 10 + digit) | 0;
    else {
      others = (Math.imul(others, 10) + digit) | 0;
      count += 1;
    }
  }
  digits[0] = first;
  digits[1] = others;
  digits[2] = count;
  return at;
}

/** Reads the exponent after a number's digits: 0 if there is none, NaN if it is malformed. */
function readExponent(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const from = skipSign(bytes, at + 1, end);
  if (((bytes[at] as number) | smallBit) !== letterE || from >= end) return Number.NaN;
  let exponent = 0;
  for (let index = from; index < end; index += 1) {
    const digit = (bytes[index] as number) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return bytes[at + 1] === minus ? -exponent : exponent;
}

/** Returns `digits` (up to 18 of them) times 10^scale. */
function readShort(scale: number): number {
  const first = digits[0] as number;
  const others = digits[1] as number;
  const power = exactPowers[digits[2] as number] as number;
  const high = first * power + others;
  if (high < 2 ** 53 && scale >= -22 && scale <= 22) {
    return scale < 0 ? high / (exactPowers[-scale] as number) : high * (exactPowers[scale] as number);
  }
  return shift(high, Math.imul(first, power) + others, scale);
}

/** Like `readShort`, for 19 and 20 digits, which numpy.savetxt writes. */
function readLong(bytes: Uint8Array, from: number, to: number, scale: number): number {
  if ((digits[2] as number) > 11) return unproven;
  let high = 0;
  let low = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] as number) - zero;
    if (digit < 0) continue; // The point.
    high = high * 10 + digit;
    low = (Math.imul(low, 10) + digit) | 0;
  }
  return shift(high, low, scale);
}

/**
 * Returns an integer below 10^20 times 10^scale. `high` is the integer as a rounded double, off by a few units in its
 * last place. `modulo` is the integer modulo 2^32, from which the exact difference follows. The relative error of the
 * product is below 2^-100. If the product minus 2^-98 of itself and the product plus 2^-98 of itself round to the same
 * double, that double is correct (A. Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded
 * last bit", 1991).
 */
function shift(high: number, modulo: number, scale: number): number {
  if (!(scale <= 0 && scale >= -200 && high > 0)) return unproven;
  fillPower(-scale);
  const low = (modulo - (high | 0)) | 0;
  const inverse = inverses[-scale] as number;
  const product = high * inverse;
  const error = toProductError(high, inverse, product);
  const rest = error + (high * (inverseRests[-scale] as number) + low * inverse);
  const doubt = product * 2 ** -98;
  const below = product + (rest - doubt);
  return below === product + (rest + doubt) ? below : unproven;
}

const decoder = new TextDecoder();

function readText(bytes: Uint8Array, start: number, end: number): number {
  return Number(decoder.decode(bytes.subarray(start, end)));
}
