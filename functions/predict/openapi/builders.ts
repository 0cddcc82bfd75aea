import type { Schema } from './document.ts';

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object of just these properties, all of which it has unless they are listed as optional. */
export function objectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An object of at least these properties. */
export function openObjectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { ...objectOf(properties, optional), additionalProperties: true };
}

export function arrayOf(items: Schema, minItems = 1): Schema {
  return { type: 'array', items, minItems };
}

/** An array of just these items. */
export function tupleOf(...items: readonly Schema[]): Schema {
  return { type: 'array', prefixItems: items, items: false, minItems: items.length, maxItems: items.length };
}

/** One of the schemas; there is no choice between those that are the same. */
export function anyOf(...schemas: readonly Schema[]): Schema {
  const [only, ...others] = new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values();
  return only && others.length === 0 ? only : { anyOf: [only, ...others] };
}
