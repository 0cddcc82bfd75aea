/**
 * Arithmetic with more bits than a double has, for reading and writing numbers: what rounding loses is kept in a second
 * double. From T. J. Dekker, "A floating-point technique for extending the available precision" (1971), and S. M. Rump,
 * T. Ogita and S. Oishi, "Accurate floating-point summation, part I" (2008).
 */

/** 10^0 to 10^22, all of which a double holds exactly. */
export const exactPowers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const tableSize = 221;

/** 10^0 to 10^220, each as the nearest double. `fillPower` fills each entry of these tables before its first use. */
export const powers = new Float64Array(tableSize);

/** The exact power minus its entry in `powers`. The sum of the two is off by at most 2^-106 of the power. */
export const powerRests = new Float64Array(tableSize);

/** 10^0 to 10^-220, each as the nearest double or the one beside it. */
export const inverses = new Float64Array(tableSize);

/** The exact inverse minus its entry in `inverses`. The sum of the two is off by at most 2^-103 of the inverse. */
export const inverseRests = new Float64Array(tableSize);

/**
 * Fills the tables for one exponent. Filling them for all exponents would add most of a millisecond to a function's
 * first request.
 */
export function fillPower(exponent: number): void {
  if (powers[exponent] !== 0) return;
  const exact = 10n ** BigInt(exponent);
  const power = Number(exact);
  const rest = Number(exact - BigInt(power));
  const inverse = 1 / power;
  const product = inverse * power;
  const inverseRest = 1 - product - toProductError(inverse, power, product);
  powers[exponent] = power;
  powerRests[exponent] = rest;
  inverses[exponent] = inverse;
  inverseRests[exponent] = (inverseRest - inverse * rest) / power;
}

/**
 * Returns a * b - product exactly, where `product` is the double a * b. Valid for factors and products from 1e-230 to
 * 1e230, for which no step overflows or underflows.
 */
export function toProductError(a: number, b: number, product: number): number {
  const aHigh = toHighHalf(a);
  const bHigh = toHighHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The upper half of a double's bits. Products of such halves are exact. */
function toHighHalf(a: number): number {
  const shifted = a * (2 ** 27 + 1);
  return shifted - (shifted - a);
}

/** The largest power of two that is not above `a`, for doubles from 1e-290 to 1e290. */
export function toLeadingBit(a: number): number {
  const shifted = a * (2 ** 52 + 1);
  return shifted - shifted * (1 - 2 ** -53);
}
