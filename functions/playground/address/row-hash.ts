import type { Feature, Row, Value } from '../model.ts';

/** Longer addresses are cut by mail programs and refused by some browsers. */
const mostCharacters = 8000;

/** A row as what stands behind # in an address: JSON, by position. Undefined where it would be too long. */
export function toHash(row: Row): string | undefined {
  // Brackets and commas may stand there as they are: a row of numbers can then be read.
  const hash = encodeURIComponent(JSON.stringify(row)).replace(/%(5B|5D|2C)/g, (code) => decodeURIComponent(code));
  return hash.length > mostCharacters ? undefined : hash;
}

/** The row of an address; undefined where there is none, or one of another model. */
export function fromHash(hash: string, features: readonly Feature[]): Row | undefined {
  const row = parse(hash.replace(/^#/, ''));
  if (!Array.isArray(row) || row.length !== features.length) return undefined;
  return features.every((feature, index) => isValue(row[index], feature)) ? row : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

/** Whether a control can show it. */
function isValue(value: unknown, feature: Feature): value is Value {
  const { dtype, nullable, categories } = feature;
  if (value === null) return nullable;
  if (dtype === 'bool') return typeof value === 'boolean';
  if (categories && categories.unknown !== 'accepted') return categories.values.some((known) => known === value);
  return typeof value === (dtype === 'string' || dtype === 'timestamp' ? 'string' : 'number');
}
