import { createDataErrors, RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { onceFor } from '../once-for.ts';
import { problemWithCategory } from './categories.ts';
import { type Feature, type Manifest, type Place, toPlaces } from './manifest.ts';
import type { DType, Tensor, TensorData, Tensors } from './tensor.ts';
import { isRecord, kindOf, problemWith, toModelValue } from './value.ts';

/** The rows of a request, before they are checked: each is an array of values or a record of them by feature. */
export interface Instances {
  readonly rows: readonly unknown[];
  readonly pointerOf: PointerOf;
}

/** Where a row, or one of its values, stands in the body as the client wrote it, as a JSON pointer (RFC 6901). */
export type PointerOf = (row: number, key?: string | number) => string;

/** A feature, and where its values go. */
interface Column extends Place {
  readonly name: string;
  readonly feature: Feature;
  /** Of its input. */
  readonly dtype: DType;
  /** Whether each finite number is one of its values, and is stored as it is. */
  readonly isPlain: boolean;
}

/** Says what is wrong with the row at hand, or with one value of it. */
type Report = (detail: string, key?: string | number) => void;

const maxNameShown = 200;
const maxNamesListed = 20;

/** Throws PayloadTooLarge, and says how many rows are not too many. */
export function checkRowCount(rows: number, manifest: Manifest, limits: Limits): void {
  const tooMany = (most: number, why: string) => {
    return new RequestError('PayloadTooLarge', `Expected at most ${most} rows${why}, got ${rows}`);
  };
  if (rows > limits.rows) throw tooMany(limits.rows, '');
  if (manifest.task === 'regression') return;
  const { length: classes } = manifest.classes;
  const fitting = Math.max(1, Math.floor(limits.probabilities / classes));
  if (rows > fitting) throw tooMany(fitting, ` of ${classes} classes each, ${limits.probabilities} probabilities`);
}

/** Checks every value and lays them out as the model's inputs. Throws InvalidInput that lists what does not fit. */
export function toFeeds({ rows, pointerOf }: Instances, manifest: Manifest, limits: Limits): Tensors {
  const errors = createDataErrors();
  const inputs = allocate(manifest, rows.length);
  const writer = { columns: toColumns(manifest), data: inputs.map(([, tensor]) => tensor.data), limits };
  for (let index = 0; index < rows.length; index += 1) {
    writeRow(rows[index], index, writer, (detail, key) => errors.add(pointerOf(index, key), detail));
  }
  errors.throwIfAny();
  return Object.fromEntries(inputs);
}

const toColumns = onceFor((manifest: Manifest): readonly Column[] => {
  const { inputs, features } = manifest;
  return toPlaces(manifest).map((place, index) => {
    const feature = features[index] as Feature;
    const { dtype } = inputs[place.input] as Manifest['inputs'][number];
    const isPlain = dtype === 'float64' && feature.dtype === 'float64' && feature.categories?.unknown !== 'rejected';
    return { ...place, name: feature.name, feature, dtype, isPlain };
  });
});

/** One [N, F] tensor for all features or one [N, 1] tensor for each: model.json has checked that it is either. */
function allocate({ inputs }: Manifest, rows: number): [string, Tensor][] {
  return inputs.map(({ name, dtype, shape: [, width] }) => {
    return [name, { dtype, dims: [rows, width], data: createData(dtype, rows * width) }];
  });
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

interface Writer {
  readonly columns: readonly Column[];
  /** Of each input. */
  readonly data: readonly TensorData[];
  readonly limits: Limits;
}

function writeRow(values: unknown, row: number, writer: Writer, report: Report): void {
  if (Array.isArray(values)) writePositional(values, row, writer, report);
  else if (isRecord(values)) writeNamed(values, row, writer, report);
  else report(`expected an array or an object of ${writer.columns.length} values, got ${kindOf(values)}`);
}

function isTooWide(width: number, { limits }: Writer, report: Report): boolean {
  if (width <= limits.columns) return false;
  report(`expected at most ${limits.columns} columns, got ${width}`);
  return true;
}

function writePositional(values: readonly unknown[], row: number, writer: Writer, report: Report): void {
  const { columns } = writer;
  if (isTooWide(values.length, writer, report)) return;
  if (values.length !== columns.length) {
    report(`expected ${columns.length} values (${listNames(columns)}), got ${values.length}`);
    return;
  }
  for (let index = 0; index < values.length; index += 1) {
    const problem = write(values[index], row, columns[index] as Column, writer);
    if (problem) report(problem, index);
  }
}

/** There can be thousands. */
function listNames(columns: readonly Column[]): string {
  const names = columns.slice(0, maxNamesListed).map(({ name }) => name.slice(0, maxNameShown));
  return [...names, ...(columns.length > maxNamesListed ? ['…'] : [])].join(', ');
}

function writeNamed(record: Readonly<Record<string, unknown>>, row: number, writer: Writer, report: Report): void {
  const names = Object.keys(record);
  if (isTooWide(names.length, writer, report)) return;
  let found = 0;
  for (const column of writer.columns) {
    const { name } = column;
    if (!Object.hasOwn(record, name)) continue;
    found += 1;
    const problem = write(record[name], row, column, writer);
    if (problem) report(problem, name);
  }
  if (found < names.length) reportUnknown(names, writer.columns, report);
  if (found < writer.columns.length) reportMissing(record, writer.columns, report);
}

/** A name can be as long as the body, and a pointer to each of many would pass what an answer may hold. */
function reportUnknown(names: readonly string[], columns: readonly Column[], report: Report): void {
  const known = new Set(columns.map(({ name }) => name));
  for (const name of names.filter((name) => !known.has(name))) {
    if (name.length > maxNameShown) report(`the model has no feature with a name of ${name.length} characters`);
    else report('the model has no feature of this name', name);
  }
}

function reportMissing(record: object, columns: readonly Column[], report: Report): void {
  for (const { name } of columns) {
    if (!Object.hasOwn(record, name)) report(`missing feature ${JSON.stringify(name)}`);
  }
}

/** Stores a value, or says why it cannot be. */
function write(value: unknown, row: number, column: Column, { data, limits }: Writer): string | undefined {
  const { input, offset, stride, feature, dtype } = column;
  const target = data[input] as TensorData;
  const index = offset + row * stride;
  if (column.isPlain && Number.isFinite(value)) {
    target[index] = value as number;
    return undefined;
  }
  if (isMissing(value, feature)) {
    target[index] = dtype === 'string' ? '' : Number.NaN;
    return undefined;
  }
  const problem = problemWith(value, feature.dtype, limits) ?? problemWithCategory(value as Value, feature);
  if (problem) return problem;
  const stored = toModelValue(value as Value, feature.dtype);
  target[index] = dtype === 'int64' ? BigInt(stored) : stored;
  return undefined;
}

/** What is left once its type was checked. */
type Value = string | number | boolean;

/** Strings have no NaN: an empty one is what the model knows for none. */
function isMissing(value: unknown, { dtype, nullable }: Feature): boolean {
  return nullable && (value === null || (dtype === 'string' && value === ''));
}
