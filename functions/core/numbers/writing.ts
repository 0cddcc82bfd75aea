import { fillPower, powerRests, powers, toLeadingBit, toProductError } from './exact.ts';

/** The most bytes that a number takes. */
export const longestNumber = 25;

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const letterE = 0x65;

/** Returned if the digits may be wrong. */
const unproven = -1;

/** A margin of more than a hundred times the error of `fraction` and `reach`. */
const margin = 2 ** -44;

/** The two digits of 0 to 99 in ASCII, the first in the lower byte. */
const pairs = Int32Array.from({ length: 100 }, (_, n) => zero + Math.trunc(n / 10) + ((zero + (n % 10)) << 8));

const view = new DataView(new ArrayBuffer(8));

/**
 * Writes the ASCII of `${value}` to `target` from `at` on. Returns the position after it. Needs room for 25 bytes, and
 * may overwrite all of them.
 *
 * The text has the fewest digits that read back as the value, and of these the closest (ECMA-262, Number::toString). To
 * find them, the value is scaled by a power of ten to 15 digits and a fraction, computed with twice a double's bits.
 * The fraction is compared with the distance to the neighbouring doubles, as in R. Giulietti's "The Schubfach way to
 * render doubles" (2020), which uses long integers. The JavaScript engine formats a value if a comparison is too close
 * for this arithmetic, if the value is below 1e-200, or if it is above 1e15 and not a whole number below 2^53.
 */
export function writeNumber(value: number, target: Uint8Array, at: number): number {
  if (!(value < 0)) return writeMagnitude(value, target, at);
  target[at] = minus;
  return writeMagnitude(-value, target, at + 1);
}

function writeMagnitude(value: number, target: Uint8Array, at: number): number {
  if (value < 2 ** 53 && Math.floor(value) === value) return writeInteger(value, target, at);
  const end = value > 1e-200 && value < 1e15 ? writeFraction(value, target, at) : unproven;
  return end === unproven ? writeText(String(value), target, at) : end;
}

function writeText(text: string, target: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index += 1) target[at + index] = text.charCodeAt(index);
  return at + text.length;
}

function writeInteger(value: number, target: Uint8Array, at: number): number {
  let end = at + 1;
  for (let bound = 10; value >= bound; bound *= 10) end += 1;
  if (value < 1e9) {
    fillDigits(value, target, at, end);
    return end;
  }
  const upper = Math.floor(value / 1e8);
  fillDigits(upper, target, at, end - 8);
  write8Digits(value - upper * 1e8, target, end - 8);
  return end;
}

function fillDigits(value: number, target: Uint8Array, from: number, to: number): void {
  let rest = value | 0;
  for (let at = to - 1; at >= from; at -= 1) {
    const next = (rest / 10) | 0;
    target[at] = zero + rest - next * 10;
    rest = next;
  }
}

/** Writes a value with a fraction, from 1e-200 to 1e15. */
function writeFraction(value: number, target: Uint8Array, at: number): number {
  const scale = toScale(value);
  const power = powers[scale] as number;
  const high = value * power;
  // One less for a whole number, so that the fraction is positive: from 0 to 1.07.
  const whole = Math.ceil(high) - 1;
  const fraction = high - whole + (toProductError(value, power, high) + value * (powerRests[scale] as number));
  const leading = toLeadingBit(value);
  const reach = leading * 2 ** -53 * power;
  // Below a power of two, the neighbour is half as far away.
  const hundredths = leading === value ? findHundredths(fraction, reach / 2, 1) : findHundredths(fraction, reach, 100);
  const carry = hundredths >= 100 ? 1 : 0;
  const digits = whole + carry;
  if (hundredths === unproven || digits < 1e14 || digits >= 1e15) return unproven;
  return placeDigits(digits, hundredths - carry * 100, 15 - scale, target, at);
}

/** The exponent of the power of ten that scales a value to 15 digits before the point (10^14 to 10^15). */
function toScale(value: number): number {
  view.setFloat64(0, value);
  const exponent = (view.getInt32(0) >> 20) - 1023;
  // 78913 / 2^18 is the logarithm of 2 to the base of 10.
  const scale = 14 - ((exponent * 78913) >> 18);
  fillPower(scale);
  if (value * (powers[scale] as number) < 1e15) return scale;
  fillPower(scale - 1);
  return scale - 1;
}

/**
 * The hundredths to write for a fraction: a multiple of 100 if one is within `reach` (and so reads back as the same
 * double), otherwise a multiple of 10, otherwise any. Tries parts of 1, 10 and 100, up to `most`. Returns `unproven` if
 * none is within `reach`, or if that cannot be told.
 */
function findHundredths(fraction: number, reach: number, most: number): number {
  for (let parts = 1; parts <= most; parts *= 10) {
    const scaled = fraction * parts;
    const nearest = Math.floor(scaled + 0.5);
    const distance = Math.abs(scaled - nearest);
    const isTied = distance > 0.5 - margin * parts;
    if (distance < (reach - margin) * parts) return isTied ? unproven : (nearest * 100) / parts;
    if (distance < (reach + margin) * parts) return unproven;
  }
  return unproven;
}

/**
 * Writes 0.d1d2d3… times 10^exponent in the form that the standard prescribes. The digits are the 15 of `whole` and two
 * of `hundredths`.
 */
function placeDigits(whole: number, hundredths: number, exponent: number, target: Uint8Array, at: number): number {
  if (exponent > 0) return placeInside(whole, hundredths, exponent, target, at);
  if (exponent <= -6) {
    const end = placeInside(whole, hundredths, 1, target, at);
    target[end] = letterE;
    target[end + 1] = minus;
    return writeInteger(1 - exponent, target, end + 2);
  }
  target[at] = zero;
  target[at + 1] = point;
  for (let index = 0; index < -exponent; index += 1) target[at + 2 + index] = zero;
  return write17Digits(whole, hundredths, target, at + 2 - exponent);
}

/** Writes the digits with a point after the first `before` of them, or without a point if no digit follows. */
function placeInside(whole: number, hundredths: number, before: number, target: Uint8Array, at: number): number {
  const end = write17Digits(whole, hundredths, target, at + 1);
  for (let index = 0; index < before; index += 1) target[at + index] = target[at + index + 1] as number;
  target[at + before] = point;
  return end === at + before + 1 ? end - 1 : end;
}

/** Writes 15 digits and two more. Returns the position after the last that is not zero. */
function write17Digits(whole: number, hundredths: number, target: Uint8Array, at: number): number {
  const upper = (whole / 1e7) | 0;
  const lower = ((whole - upper * 1e7) * 10 + hundredths / 10) | 0;
  write8Digits(upper, target, at);
  write8Digits(lower, target, at + 8);
  target[at + 16] = zero + (hundredths % 10);
  let end = at + 17;
  while (target[end - 1] === zero) end -= 1;
  return end;
}

function write8Digits(value: number, target: Uint8Array, at: number): void {
  const whole = value | 0;
  const upper = (whole / 10_000) | 0;
  write4Digits(upper, target, at);
  write4Digits(whole - upper * 10_000, target, at + 4);
}

function write4Digits(value: number, target: Uint8Array, at: number): void {
  const whole = value | 0;
  const upper = (whole / 100) | 0;
  const first = pairs[upper] as number;
  const second = pairs[(whole - upper * 100) | 0] as number;
  // A Uint8Array keeps the lower eight bits.
  target[at] = first;
  target[at + 1] = first >> 8;
  target[at + 2] = second;
  target[at + 3] = second >> 8;
}
