import type { Feature } from '../model/manifest.ts';
import type { FeatureType } from '../model/tensor.ts';
import { isLikeTime } from '../model/timestamp.ts';
import { missingField } from '../model/value.ts';
import { onceFor } from '../once-for.ts';

/** What pandas.read_csv reads as a missing value by default, quoted or not. */
const missingTexts: ReadonlySet<string> = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN'],
  ...['<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
]);

/** The value of a field. One that is none of the feature's type stays text, which is then reported. */
export function toValue(field: string, feature: Feature): unknown {
  const { dtype, nullable } = feature;
  const value = parseField(field, dtype);
  // Most are numbers, and so no text that is looked for.
  if (typeof value !== 'string' || !isMissing(field, dtype)) return value;
  if (toCategoryTexts(feature).texts.has(field)) return field;
  return nullable ? null : missingField;
}

/** Categories that are called like a missing value: the model was fitted on them, so they are none. */
const toCategoryTexts = onceFor(({ dtype, categories }: Feature) => {
  const values = dtype === 'string' ? (categories?.values ?? []) : [];
  return { texts: new Set<unknown>(values.filter((value) => missingTexts.has(String(value)))) };
});

/** Of times, pandas reads NaT so too. */
function isMissing(field: string, dtype: FeatureType): boolean {
  return missingTexts.has(field) || (dtype === 'timestamp' && field === 'NaT');
}

/** Whether a field could be a value of this type; for no field is that sure of a string. */
export function isValueOf(field: string, dtype: FeatureType = 'string'): boolean {
  if (dtype === 'string' || isMissing(field, dtype)) return true;
  const value = parseField(field, dtype);
  return typeof value !== 'string' || (dtype === 'timestamp' && isLikeTime(value));
}

function parseField(field: string, dtype: FeatureType): string | number | boolean {
  if (dtype === 'string') return field;
  if (dtype === 'timestamp') return field.trim();
  return (dtype === 'bool' ? toFlag(field) : toNumber(field)) ?? field;
}

/** Python writes True, SQL and spreadsheets TRUE or 1, and a column with gaps becomes 1.0. */
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

/** Infinity too, as pandas reads it: it is refused by name. */
function toNumber(field: string): number | undefined {
  const text = field.trim();
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return /^[+-]?inf(inity)?$/i.test(text) ? Number.POSITIVE_INFINITY : undefined;
}
