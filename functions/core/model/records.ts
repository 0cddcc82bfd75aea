import { onceFor } from '../once-for.ts';
import type { Class } from './classes.ts';
import type { Manifest } from './manifest.ts';
import { type AnswerColumn, type Field, type Output, outputsOf } from './outputs.ts';
import type { Block, Prediction, Predictions } from './prediction.ts';

/** One for each of the first rows, all where there is no limit. */
export function toRecords({ rows, outputs, blocks }: Predictions, limit = rows): Prediction[] {
  const fields = outputs.map((output, index) => ({ ...output, shape: toShape(output), block: blocks[index] as Block }));
  return Array.from({ length: Math.min(rows, limit) }, (_, row) => {
    const entries = fields.map(({ field, columns, shape, block }) => {
      const read = (column: number) => {
        const value = block[row * columns.length + column] as number;
        const { classes } = columns[column] as AnswerColumn;
        return classes.length > 0 ? (classes[value] as Class) : value;
      };
      return [field, fill(shape.of, read)] as const;
    });
    return Object.fromEntries(entries) as unknown as Prediction;
  });
}

/** The position of a column, or what a name leads to. */
type Shape = number | readonly (readonly [name: string, shape: Shape])[];

const toShape = onceFor(({ columns }: Output) => ({ of: nest([...columns.entries()], 0) }));

/** By the names of their paths, from a depth on. Columns whose paths begin alike stand side by side. */
function nest(columns: readonly (readonly [number, AnswerColumn])[], depth: number): Shape {
  const [first] = columns;
  if (!first || first[1].path.length === depth) return first?.[0] ?? [];
  const groups = new Map<string, (readonly [number, AnswerColumn])[]>();
  for (const column of columns) {
    const name = column[1].path[depth] as string;
    const group = groups.get(name);
    if (group) group.push(column);
    else groups.set(name, [column]);
  }
  return Array.from(groups, ([name, inner]) => [name, nest(inner, depth + 1)]);
}

/** A class that is called __proto__ is a member too. */
function fill(shape: Shape, read: (column: number) => unknown): unknown {
  if (typeof shape === 'number') return read(shape);
  return Object.fromEntries(shape.map(([name, inner]) => [name, fill(inner, read)]));
}

/** What a document has at a field and a path within it, or undefined. */
export function readAt(record: unknown, field: Field, path: readonly string[]): unknown {
  return [field, ...path].reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  }, record);
}

/** The other way, for the examples of model.json. What a record does not have is NaN, or no class. */
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
