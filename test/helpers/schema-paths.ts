import { readFileSync } from 'node:fs';
import { isRecord } from '../../functions/core/model/value.ts';

/** The keys and indices that lead to a value in a document. */
export type Place = readonly (string | number)[];

type Schema = Readonly<Record<string, unknown>>;

const root: Schema = JSON.parse(readFileSync('models/model.schema.json', 'utf8'));

/**
 * The paths of all members and array elements of model.json that its schema knows, such as
 * `features[].baseline.min`. `*` stands for any name.
 */
export const schemaPaths: ReadonlySet<string> = new Set(walkSchema(root, ''));

function* walkSchema(schema: unknown, path: string): Generator<string> {
  if (!isRecord(schema)) return;
  const { $ref } = schema;
  if (typeof $ref === 'string') yield* walkSchema((root.$defs as Schema)[$ref.replace('#/$defs/', '')], path);
  for (const [child, at] of childrenOf(schema, path)) {
    yield at;
    yield* walkSchema(child, at);
  }
  for (const part of partsOf(schema)) yield* walkSchema(part, path);
}

/** The schemas of the members and elements of a value. Members that the schema forbids are left out. */
function childrenOf({ properties, additionalProperties, items, prefixItems }: Schema, path: string) {
  const fields = Object.entries(properties ?? {}).filter(([, child]) => child !== false);
  const elements = [items, ...((prefixItems ?? []) as unknown[])].filter(Boolean);
  return [
    ...fields.map(([key, child]): [unknown, string] => [child, join(path, key)]),
    ...(isRecord(additionalProperties) ? [[additionalProperties, join(path, '*')] as [unknown, string]] : []),
    ...elements.map((child): [unknown, string] => [child, `${path}[]`]),
  ];
}

/** The subschemas that apply to the same value. */
function partsOf({ then, else: otherwise, oneOf, anyOf, allOf }: Schema): unknown[] {
  return [then, otherwise, oneOf, anyOf, allOf].flat();
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/**
 * All places of a document by their path in the schema. The path of a member that the schema does not name ends with
 * `*`.
 */
export function placesByPath(document: unknown): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const [path, place] of walkDocument(document, '', [])) places.set(path, [...(places.get(path) ?? []), place]);
  return places;
}

function* walkDocument(value: unknown, path: string, place: Place): Generator<[string, Place]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    const known = join(path, key);
    const next = Array.isArray(value) ? `${path}[]` : schemaPaths.has(known) ? known : join(path, '*');
    yield [next, [...place, step]];
    yield* walkDocument(child, next, [...place, step]);
  }
}
