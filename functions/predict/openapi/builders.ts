import type { Schema } from './document.ts';

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with exactly these properties. All but the optional ones are required. */
export function objectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An object with these properties, and any others. All but the optional ones are required. */
export function openObjectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { ...objectOf(properties, optional), additionalProperties: true };
}

export function arrayOf(items: Schema, minItems = 1): Schema {
  return { type: 'array', items, minItems };
}

/** An array of exactly these items, in this order. */
export function tupleOf(...items: readonly Schema[]): Schema {
  return { type: 'array', prefixItems: items, items: false, minItems: items.length, maxItems: items.length };
}

/** Matches any of the schemas. Equal schemas count as one, and a single schema is returned as it is. */
export function anyOf(...schemas: readonly Schema[]): Schema {
  const [only, ...others] = new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values();
  return only && others.length === 0 ? only : { anyOf: [only, ...others] };
}
