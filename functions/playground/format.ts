/**
 * Writes a number with four significant digits, or with all digits of a whole part that has more. Numbers below 0.0001
 * and from a billion on get an exponent. The minus sign is U+2212, not a hyphen.
 */
export function formatNumber(value: number): string {
  return toDigits(value).replaceAll('-', '\u2212');
}

function toDigits(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3).replace(/\.?0*e\+?/, 'e');
  const digits = size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  // `min2` groups digits only from 10,000 on, so that a year has no comma.
  return new Intl.NumberFormat('en', { ...digits, useGrouping: 'min2' }).format(value);
}

/** Writes a share as a percentage. Only 0 is written as 0.0%, and only 1 as 100.0%. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  if (share < 1 && share >= 0.9995) return '>99.9%';
  return `${(share * 100).toFixed(1)}%`;
}

/** Quotes a name of nothing but spaces, which nobody would see and no screen reader would say. */
export function formatName(name: string): string {
  return name.trim() === '' ? JSON.stringify(name) : name;
}

export function formatMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

/**
 * Rounds a standard deviation to two digits, and its mean to the same decimals. Further digits of the mean would say
 * nothing.
 */
export function formatMeasured(mean: number, std: number): [mean: string, std: string] {
  if (std <= 0) return [formatNumber(mean), '0'];
  const decimals = 1 - Math.floor(Math.log10(std));
  return [roundTo(mean, decimals), roundTo(std, decimals)];
}

/** Rounds to so many decimals. -1 rounds to tens, -2 to hundreds, and so on. */
function roundTo(value: number, decimals: number): string {
  const unit = 10 ** Math.max(0, -decimals);
  const digits = Math.min(20, Math.max(0, decimals));
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: 'min2' } as const;
  const rounded = unit > 1 ? Math.round(value / unit) * unit : value;
  return new Intl.NumberFormat('en', format).format(rounded).replaceAll('-', '\u2212');
}

/** Writes a share in percent, rounded down to hundredths. Only 1 is written as 100%. */
export function formatAgreement(share: number): string {
  return share < 1 && share > 0.9999 ? '>99.99%' : `${formatNumber(Math.floor(share * 10_000 + 1e-6) / 100)}%`;
}

export function formatCount(number: number): string {
  return new Intl.NumberFormat('en').format(number);
}

/** `1 row`, `2 rows`. */
export function count(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * Puts the sign of `number` before its size, which is already formatted: `+4.1`, `−0.02`. A size that is written as 0
 * gets no sign.
 */
export function withSign(number: number, size: string): string {
  return Number.parseFloat(size) === 0 ? size : `${number < 0 ? '\u2212' : '+'}${size}`;
}
