import type { Class } from './classes.ts';
import type { Manifest } from './manifest.ts';
import { type Field, type Output, outputsOf } from './outputs.ts';
import type { Block, Prediction, Predictions } from './prediction.ts';

/** Converts the answers of the first `limit` rows to JSON objects. */
export function toRecords({ rows, outputs, blocks }: Predictions, limit = rows): Prediction[] {
  const members = outputs.map((output, index) => {
    return { field: output.field, read: createReader(output, blocks[index] as Block) };
  });
  return Array.from({ length: Math.min(rows, limit) }, (_, row) => {
    const record: Partial<Record<Field, unknown>> = {};
    for (const { field, read } of members) record[field] = read(row);
    return record as unknown as Prediction;
  });
}

/** Creates a reader of one field of a row: a single value, or an object of values by name. */
function createReader(output: Output, block: Block): (row: number) => unknown {
  const { columns } = output;
  const width = columns.length;
  const readers = columns.map(({ classes }, column) => {
    const read = (row: number) => block[row * width + column] as number;
    return classes.length > 0 ? (row: number) => classes[read(row)] : read;
  });
  return nest(columns.map(({ path }, column) => ({ path, read: readers[column] as Read })));
}

/** Reads one value, or an object of values, of a row. */
export type Read = (row: number) => unknown;
type Named = readonly { readonly path: readonly string[]; readonly read: Read }[];

/**
 * Creates a reader that nests the columns' values in objects, as the columns' paths say. The first `depth` names of
 * each path are skipped. If the first column's path has no more names, the reader returns that column's value itself,
 * not an object.
 */
export function nest(columns: Named, depth = 0): Read {
  const [first] = columns;
  if (!first || first.path.length === depth) return first?.read ?? (() => undefined);
  const groups = new Map<string, Named[number][]>();
  for (const column of columns) {
    const name = column.path[depth] as string;
    const group = groups.get(name);
    if (group) group.push(column);
    else groups.set(name, [column]);
  }
  const members = Array.from(groups, ([name, inner]) => [name, nest(inner, depth + 1)] as const);
  // A class may be called __proto__. An assignment would set the object's prototype in place of a member.
  if (groups.has('__proto__')) return (row) => Object.fromEntries(members.map(([name, read]) => [name, read(row)]));
  return (row) => {
    const record: Record<string, unknown> = {};
    for (const [name, read] of members) record[name] = read(row);
    return record;
  };
}

/** The value at a field and a path within it, or undefined. */
export function readAt(record: unknown, field: Field, path: readonly string[]): unknown {
  return [field, ...path].reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  }, record);
}

/** The inverse of `toRecords`, for the examples of model.json. A missing number becomes NaN, a missing class -1. */
export function fromRecords(records: readonly Prediction[], manifest: Manifest): Predictions {
  const outputs = outputsOf(manifest);
  const blocks = outputs.map(({ field, kind, columns }) => {
    const values = records.flatMap((record) =>
      columns.map(({ path, classes }) => {
        const value = readAt(record, field, path);
        if (kind === 'labels') return classes.indexOf(value as Class);
        return typeof value === 'number' ? value : Number.NaN;
      }),
    );
    return kind === 'labels' ? Int32Array.from(values) : Float64Array.from(values);
  });
  return { rows: records.length, outputs, blocks };
}
