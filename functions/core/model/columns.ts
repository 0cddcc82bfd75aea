import { createDataErrors, RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { onceFor } from '../once-for.ts';
import { problemWithCategory } from './categories.ts';
import { type Feature, type Manifest, type Place, toPlaces } from './manifest.ts';
import { describeUnknown, type Leniency, maxNameShown, problemWithLack } from './names.ts';
import type { DType, Tensor, TensorData, Tensors } from './tensor.ts';
import { isRecord, kindOf, problemWith, toModelValue } from './value.ts';

/** The rows of a request, before they are checked: each is an array of values or a record of them by feature. */
export interface Instances {
  readonly rows: readonly unknown[];
  readonly pointerOf: PointerOf;
  readonly leniency?: Leniency;
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

const maxNamesListed = 20;

/** The rows that a request may have: fewer where a row has many probabilities. */
export function mostRows(manifest: Manifest, { rows, probabilities }: Limits): number {
  if (manifest.task === 'regression') return rows;
  return Math.min(rows, Math.max(1, Math.floor(probabilities / manifest.classes.length)));
}

/** Throws PayloadTooLarge, and says how many rows are not too many. */
export function checkRowCount(rows: number, manifest: Manifest, limits: Limits): void {
  const most = mostRows(manifest, limits);
  if (rows <= most) return;
  const reason = most < limits.rows ? `, which have ${limits.probabilities} probabilities` : '';
  throw new RequestError('PayloadTooLarge', `Expected at most ${most} rows${reason}, got ${rows}`);
}

/** Checks every value and lays them out as the model's inputs. Throws InvalidInput that lists what does not fit. */
export function toFeeds({ rows, pointerOf, leniency = {} }: Instances, manifest: Manifest, limits: Limits): Tensors {
  const errors = createDataErrors();
  const inputs = allocate(manifest, rows.length);
  const columns = toColumns(manifest);
  const writer = { columns, data: inputs.map(([, tensor]) => tensor.data), limits, leniency };
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
  readonly leniency: Leniency;
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

type Fields = Readonly<Record<string, unknown>>;

function writeNamed(record: Fields, row: number, writer: Writer, report: Report): void {
  const names = Object.keys(record);
  if (isTooWide(names.length, writer, report)) return;
  const found = writeFound(record, row, writer, report);
  if (found === names.length && found === writer.columns.length) return;
  const known = toKnownNames(writer.columns);
  const unknown = names.filter((name) => !known.has(name));
  reportUnknown(unknown, writer, report);
  const lacking = writer.columns.filter(({ name }) => !Object.hasOwn(record, name));
  for (const column of lacking) {
    const problem = problemWithLack(column.feature, unknown, found > 0, writer.leniency);
    if (problem) report(problem);
    else write(null, row, column, writer);
  }
}

/** Writes what a record has of the features; returns how many these are. */
function writeFound(record: Fields, row: number, writer: Writer, report: Report): number {
  let found = 0;
  for (const column of writer.columns) {
    const { name } = column;
    if (!Object.hasOwn(record, name)) continue;
    found += 1;
    const problem = write(record[name], row, column, writer);
    if (problem) report(problem, name);
  }
  return found;
}

const toKnownNames = onceFor((columns: readonly Column[]) => new Set(columns.map(({ name }) => name)));

/** A name can be as long as the body, and a pointer to each of many would pass what an answer may hold. */
function reportUnknown(names: readonly string[], { columns, leniency }: Writer, report: Report): void {
  for (const name of names) {
    if (leniency.ignores?.(name)) continue;
    const detail = describeUnknown(
      name,
      columns.map(({ feature }) => feature),
      leniency,
    );
    report(detail, name.length > maxNameShown ? undefined : name);
  }
}

/** Stores a value, or says why it cannot be. */
function write(value: unknown, row: number, column: Column, { data, limits, leniency }: Writer): string | undefined {
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
  const taken = leniency.takesNumbersAsFlags ? toFlag(value, feature) : value;
  const problem = problemWith(taken, feature.dtype, limits) ?? problemWithCategory(taken as Value, feature);
  if (problem) return problem;
  const stored = toModelValue(taken as Value, feature.dtype);
  target[index] = dtype === 'int64' ? BigInt(stored) : stored;
  return undefined;
}

/** 1 and 0 as true and false, of a feature that has these. */
function toFlag(value: unknown, { dtype }: Feature): unknown {
  return dtype === 'bool' && (value === 0 || value === 1) ? value === 1 : value;
}

/** What is left once its type was checked. */
type Value = string | number | boolean;

/** Strings have no NaN: an empty one is what the model knows for none. */
function isMissing(value: unknown, { dtype, nullable }: Feature): boolean {
  return nullable && (value === null || Number.isNaN(value) || (dtype === 'string' && value === ''));
}
