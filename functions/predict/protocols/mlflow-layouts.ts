import { isNumbered } from '../../core/csv/header.ts';
import { RequestError } from '../../core/errors.ts';
import { fromMadeRows, fromRows, type Instances } from '../../core/model/columns.ts';
import { checkWidths, findColumns } from '../../core/model/header.ts';
import type { Feature } from '../../core/model/manifest.ts';
import type { Leniency } from '../../core/model/names.ts';
import { isRecord, toExpectation } from '../../core/model/value.ts';
import { toPointerStep } from '../../core/pointer.ts';

/** Like MLflow when it enforces a model's signature: unknown columns are dropped, and optional ones may be left out. */
export const mlflowLeniency: Leniency = {
  ignores: () => true,
  fillsMissing: true,
  takesNumbersAsFlags: true,
  takesNaT: true,
};

/** Reads the rows from the value of a layout's key. Throws InvalidInput. */
type Layout = (value: unknown, pointer: string, features: readonly Feature[]) => Instances;

export const layouts: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ['dataframe_split', fromSplit],
  ['dataframe_records', readRows],
  ['instances', fromTensors],
  ['inputs', fromTensors],
]);

/** The keys that a document may have. Other keys are ignored, as in MLflow. */
export const oneLayout = `exactly one of ${[...layouts.keys()].join(', ')}, and params`;

/** Reads an array of rows, each an array of values or a record. */
function readRows(rows: unknown, pointer: string): Instances {
  if (!Array.isArray(rows) || rows.length === 0) throw invalid(pointer, 'an array of at least 1 row', rows);
  return fromRows(rows, (row, key) => `${pointer}/${row}${toPointerStep(key)}`, mlflowLeniency);
}

/** Reads rows, a single record, or a record of columns. For a model of one feature, also a plain list of values. */
function fromTensors(value: unknown, pointer: string, features: readonly Feature[]): Instances {
  if (isRecord(value)) return isRow(value, features) ? fromRow(value, pointer) : fromColumns(value, pointer, features);
  const instances = readRows(value, pointer);
  const { rows, pointerOf } = instances;
  const isColumn = features.length === 1 && !rows.some((row) => Array.isArray(row) || isRecord(row));
  return isColumn
    ? fromRows(
        rows.map((row) => [row]),
        (row) => pointerOf(row),
        mlflowLeniency,
      )
    : instances;
}

/** Whether a record is one row: none of its features has an array. Unknown names do not matter. */
function isRow(record: Readonly<Record<string, unknown>>, features: readonly Feature[]): boolean {
  return !features.some(({ name }) => Array.isArray(record[name]));
}

function fromRow(record: unknown, pointer: string): Instances {
  return fromRows([record], (_, key) => `${pointer}${toPointerStep(key)}`, mlflowLeniency);
}

const splitKeys = ['columns', 'data', 'index'];

/** Reads pandas' `to_dict(orient="split")`: column names and rows. */
function fromSplit(split: unknown, pointer: string, features: readonly Feature[]): Instances {
  if (!isRecord(split)) throw invalid(pointer, 'an object with columns and data', split);
  const other = Object.keys(split).find((key) => !splitKeys.includes(key));
  if (other !== undefined)
    throw invalid(`${pointer}${toPointerStep(other)}`, `no other key than ${splitKeys.join(', ')}`);
  const { columns, data, index } = split;
  if (index !== undefined && index !== null && !Array.isArray(index))
    throw invalid(`${pointer}/index`, 'an array', index);
  const instances = readRows(data, `${pointer}/data`);
  if (columns === undefined || columns === null) return instances;
  const at = `${pointer}/columns`;
  if (!Array.isArray(columns)) throw invalid(at, 'an array of feature names', columns);
  // A frame without column names has numbers as names, and JSON keeps them as numbers.
  const names = columns.map((name) => (typeof name === 'number' ? String(name) : name));
  if (isNumbered(names, features)) return instances;
  const positions = findColumns(names, features, at, (column) => `${at}/${column}`, mlflowLeniency);
  checkWidths(instances.rows, names, features, instances.pointerOf);
  const reorder = (row: unknown) =>
    Array.isArray(row) && row.length === names.length ? positions.map((position) => row[position] ?? null) : row;
  return fromMadeRows(
    instances.count,
    (row) => reorder(instances.rows[row]),
    (row, key) => instances.pointerOf(row, typeof key === 'number' ? positions[key] : key),
    mlflowLeniency,
  );
}

/** Reads a record with an array of values for each feature. */
function fromColumns(
  columns: Readonly<Record<string, unknown>>,
  pointer: string,
  features: readonly Feature[],
): Instances {
  const names = Object.keys(columns);
  const at = (column: number) => `${pointer}${toPointerStep(names[column])}`;
  const positions = findColumns(names, features, pointer, at, mlflowLeniency);
  const values = positions.map((column) =>
    column < 0 ? undefined : readColumn(columns[names[column] ?? ''], at(column)),
  );
  const first = values.findIndex((array) => array !== undefined);
  const length = values[first]?.length ?? 0;
  const uneven = values.findIndex((array) => array !== undefined && array.length !== length);
  if (uneven >= 0) {
    throw invalid(
      `${pointer}${toPointerStep(features[uneven]?.name)}`,
      `${length} values, as ${features[first]?.name} has`,
    );
  }
  return fromMadeRows(
    length,
    (row) => values.map((array) => (array ? array[row] : null)),
    (row, key) => `${pointer}${toPointerStep(typeof key === 'number' ? features[key]?.name : key)}/${row}`,
    mlflowLeniency,
  );
}

function readColumn(column: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(column) && column.length > 0) return column;
  throw invalid(pointer, 'an array of at least 1 value', column);
}

export function invalid(pointer: string, expected: string, ...got: readonly unknown[]): RequestError {
  return new RequestError('InvalidInput', "The request cannot be read as one of MLflow's scoring server", {
    errors: [{ pointer, detail: toExpectation(expected, ...got) }],
  });
}
