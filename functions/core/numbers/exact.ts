/**
 * Arithmetic with more bits than a double has, for reading and writing numbers: what an operation rounds away is kept as a
 * second double. From T. J. Dekker, "A floating-point technique for extending the available precision" (1971), and
 * S. M. Rump, T. Ogita and S. Oishi, "Accurate floating-point summation, part I" (2008).
 */

/** 10^0 to 10^22, which are doubles exactly. */
export const exactPowers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const tableSize = 221;

/** 10^0 to 10^220, each as the nearest double. All tables are empty before `fillPower`. */
export const powers = new Float64Array(tableSize);

/** What is missing from each of `powers`. The two together are off by at most 2^-106 of the power. */
export const powerRests = new Float64Array(tableSize);

/** 10^0 to 10^-220, each as the nearest double or the one beside it. */
export const inverses = new Float64Array(tableSize);

/** What is missing from each of `inverses`. The two together are off by at most 2^-103 of the inverse. */
export const inverseRests = new Float64Array(tableSize);

/** Fills in the tables what they hold of an exponent. All at once would take most of a millisecond of a function's first request. */
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
 * Exactly a * b - product, where product is what a * b gives as a double. For factors from 1e-230 to 1e230, and
 * products in the same range: nothing overflows, and nothing is lost below the smallest double.
 */
export function toProductError(a: number, b: number, product: number): number {
  const aHigh = toHighHalf(a);
  const bHigh = toHighHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The upper half of a double's bits, so that the product of two halves is exact. */
function toHighHalf(a: number): number {
  const shifted = a * (2 ** 27 + 1);
  return shifted - (shifted - a);
}

/** The largest power of two that is not above a double from 1e-290 to 1e290. */
export function toLeadingBit(a: number): number {
  const shifted = a * (2 ** 52 + 1);
  return shifted - shifted * (1 - 2 ** -53);
}
