import type { Feature, Row, Value } from '../model.ts';

/** Mail programs cut longer addresses, and some browsers refuse them. */
const mostCharacters = 8000;

/**
 * Writes a row as the part of an address after `#`: a JSON array of its values in order. Undefined if that is too long.
 */
export function toHash(row: Row): string | undefined {
  // Brackets and commas are allowed there. Left as they are, a row of numbers stays readable.
  const hash = encodeURIComponent(JSON.stringify(row)).replace(/%(5B|5D|2C)/g, (code) => decodeURIComponent(code));
  return hash.length > mostCharacters ? undefined : hash;
}

/** Reads the row of an address. Undefined if it has none, or its row is not one of this model. */
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

/** Whether the feature's control can show the value. */
function isValue(value: unknown, feature: Feature): value is Value {
  const { dtype, nullable, categories } = feature;
  if (value === null) return nullable;
  if (dtype === 'bool') return typeof value === 'boolean';
  if (categories && categories.unknown !== 'accepted') return categories.values.some((known) => known === value);
  return typeof value === (dtype === 'string' || dtype === 'timestamp' ? 'string' : 'number');
}
