import { createDataErrors, RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { problemWithCategory } from './categories.ts';
import { type DType, type Feature, type Manifest, toPlaces } from './manifest.ts';
import type { Tensor, TensorData, Tensors } from './tensor.ts';
import { isRecord, kindOf, problemWith, toModelValue } from './value.ts';

/** The rows of a request, before they are checked: each is an array of values or a record of them by feature. */
export interface Instances {
  readonly rows: readonly unknown[];
  readonly pointerOf: PointerOf;
}

/** Where a row, or one of its values, stands in the body as the client wrote it, as a JSON pointer (RFC 6901). */
export type PointerOf = (row: number, key?: string | number) => string;

/** Where the values of one feature go: `data[offset + row * stride]`. */
interface Column {
  readonly feature: Feature;
  readonly dtype: DType;
  readonly data: TensorData;
  readonly offset: number;
  readonly stride: number;
  readonly limits: Limits;
}

/** Says what is wrong with the row at hand, or with one value of it. */
type Report = (detail: string, key?: string | number) => void;

const maxNameShown = 200;

/** Checks every value and lays them out as the model's inputs. Throws InvalidInput that lists what does not fit. */
export function toFeeds({ rows, pointerOf }: Instances, manifest: Manifest, limits: Limits): Tensors {
  if (rows.length > limits.rows) {
    throw new RequestError('PayloadTooLarge', `Expected at most ${limits.rows} rows, got ${rows.length}`);
  }
  const errors = createDataErrors();
  const { feeds, columns } = allocate(manifest, rows.length, limits);
  const byName = new Map(columns.map((column) => [column.feature.name, column]));
  for (const [index, row] of rows.entries()) {
    const report: Report = (detail, key) => errors.add(() => pointerOf(index, key), detail);
    if (widthOf(row) > limits.columns) report(`expected at most ${limits.columns} columns, got ${widthOf(row)}`);
    else if (Array.isArray(row)) writePositional(row, index, columns, report);
    else if (isRecord(row)) writeNamed(row, index, byName, report);
    else report(`expected an array or an object of ${columns.length} values, got ${kindOf(row)}`);
  }
  errors.throwIfAny();
  return feeds;
}

function widthOf(row: unknown): number {
  if (Array.isArray(row)) return row.length;
  return isRecord(row) ? Object.keys(row).length : 0;
}

/** One [N, F] tensor for all features or one [N, 1] tensor for each: model.json has checked that it is either. */
function allocate(manifest: Manifest, rows: number, limits: Limits): { feeds: Tensors; columns: Column[] } {
  const { inputs, features } = manifest;
  const tensors = inputs.map(({ dtype, shape: [, width] }): Tensor => {
    return { dtype, dims: [rows, width], data: createData(dtype, rows * width) };
  });
  const columns = toPlaces(manifest).map(({ input, offset, stride }, index): Column => {
    const { dtype, data } = tensors[input] as Tensor;
    return { feature: features[index] as Feature, dtype, data, offset, stride, limits };
  });
  return { feeds: Object.fromEntries(inputs.map(({ name }, index) => [name, tensors[index] as Tensor])), columns };
}

function createData(dtype: DType, size: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size);
    case 'float64':
      return new Float64Array(size);
    case 'int64':
      return new BigInt64Array(size);
    case 'bool':
      return new Uint8Array(size);
    case 'string':
      return new Array<string>(size).fill('');
  }
}

function writePositional(values: readonly unknown[], row: number, columns: readonly Column[], report: Report): void {
  if (values.length !== columns.length) {
    const names = columns.map((column) => column.feature.name).join(', ');
    report(`expected ${columns.length} values (${names}), got ${values.length}`);
    return;
  }
  columns.forEach((column, index) => {
    const problem = write(column, row, values[index]);
    if (problem) report(problem, index);
  });
}

function writeNamed(
  record: Readonly<Record<string, unknown>>,
  row: number,
  columns: ReadonlyMap<string, Column>,
  report: Report,
): void {
  for (const [name, value] of Object.entries(record)) {
    const column = columns.get(name);
    if (!column) reportUnknown(name, report);
    else {
      const problem = write(column, row, value);
      if (problem) report(problem, name);
    }
  }
  for (const name of columns.keys()) {
    if (!Object.hasOwn(record, name)) report(`missing feature ${JSON.stringify(name)}`);
  }
}

/** A name can be as long as the body, and a pointer to each of many would pass what an answer may hold. */
function reportUnknown(name: string, report: Report): void {
  if (name.length > maxNameShown) report(`the model has no feature with a name of ${name.length} characters`);
  else report('the model has no feature of this name', name);
}

/** Stores a value, or says why it cannot be. */
function write(column: Column, row: number, value: unknown): string | undefined {
  const { feature, dtype, data, offset, stride, limits } = column;
  const index = offset + row * stride;
  if (isMissing(value, feature)) {
    data[index] = dtype === 'string' ? '' : Number.NaN;
    return undefined;
  }
  const problem = problemWith(value, feature.dtype, limits) ?? problemWithCategory(value as Value, feature);
  if (problem) return problem;
  const stored = toModelValue(value as Value, feature.dtype);
  data[index] = dtype === 'int64' ? BigInt(stored) : stored;
  return undefined;
}

/** What is left once its type was checked. */
type Value = string | number | boolean;

/** Strings have no NaN: an empty one is what the model knows for none. */
function isMissing(value: unknown, { dtype, nullable }: Feature): boolean {
  return nullable && (value === null || (dtype === 'string' && value === ''));
}
