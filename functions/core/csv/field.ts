import type { Feature } from '../model/manifest.ts';
import type { FeatureType } from '../model/tensor.ts';
import { isLikeTime } from '../model/timestamp.ts';
import { missingField } from '../model/value.ts';
import { onceFor } from '../once-for.ts';

/** The texts that pandas.read_csv reads as a missing value by default, quoted or not. */
const missingTexts: ReadonlySet<string> = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN'],
  ...['<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
]);

/**
 * Reads a field as a value of its feature's type. A field that is not of the type stays a text, so that the check of
 * values reports it.
 */
export function toValue(field: string, feature: Feature): unknown {
  const { dtype, nullable } = feature;
  const value = parseField(field, dtype);
  // Most fields are numbers, which need no look-up among the texts below.
  if (typeof value !== 'string' || !isMissing(field, dtype)) return value;
  if (toCategoryTexts(feature).texts.has(field)) return field;
  return nullable ? null : missingField;
}

/**
 * Categories whose text reads like a missing value, such as `NA`. The model was fitted on them, so they count as
 * values.
 */
const toCategoryTexts = onceFor(({ categories }: Feature) => {
  const values: readonly unknown[] = categories?.values ?? [];
  return { texts: new Set(values.filter((value) => missingTexts.has(String(value)))) };
});

/** For timestamps, pandas also reads `NaT` as missing. */
function isMissing(field: string, dtype: FeatureType): boolean {
  return missingTexts.has(field) || (dtype === 'timestamp' && field === 'NaT');
}

/** Whether a field could be a value of this type. Every field can be a string. */
export function isValueOf(field: string, dtype: FeatureType): boolean {
  if (dtype === 'string' || isMissing(field, dtype)) return true;
  const value = parseField(field, dtype);
  return typeof value !== 'string' || (dtype === 'timestamp' && isLikeTime(value));
}

function parseField(field: string, dtype: FeatureType): string | number | boolean {
  if (dtype === 'string') return field;
  if (dtype === 'timestamp') return field.trim();
  return (dtype === 'bool' ? toFlag(field) : toNumber(field)) ?? field;
}

/**
 * Accepts `True` (Python), `TRUE` or `1` (SQL, spreadsheets), and `1.0`, which pandas writes for a column with missing
 * values.
 */
function toFlag(field: string): boolean | undefined {
  const word = booleans.get(field.trim().toLowerCase());
  if (word !== undefined) return word;
  const number = toNumber(field);
  return number === 0 || number === 1 ? number === 1 : undefined;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Reads infinities like pandas, so that the check of values can refuse them by name. */
function toNumber(field: string): number | undefined {
  const text = field.trim();
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return /^[+-]?inf(inity)?$/i.test(text) ? Number.POSITIVE_INFINITY : undefined;
}
