import { createDataErrors, type DataErrors, RequestError } from '../../../core/errors.ts';
import type { Limits } from '../../../core/limits.ts';
import { fromRows, type Instances, type PointerOf } from '../../../core/model/columns.ts';
import { findColumns } from '../../../core/model/header.ts';
import type { Feature } from '../../../core/model/manifest.ts';
import { kindOf } from '../../../core/model/value.ts';
import { toPointerStep } from '../../../core/pointer.ts';
import { readElements, type Tail } from './binary.ts';
import { codecs } from './codecs.ts';
import { type Datatype, invalid, problemWithElement } from './datatype.ts';
import { type Declaration, parseDeclaration } from './declaration.ts';

/** The elements of a tensor, row by row, and a function that returns the JSON pointer of each. */
interface Elements {
  readonly values: readonly unknown[];
  readonly pointerOf: PointerOf;
}

/**
 * Reads rows from one [N, F] tensor with any name, or from one tensor of shape [N] or [N, 1] per feature. Throws
 * InvalidInput, or PayloadTooLarge if there are too many rows. Rows are counted before they are read, because a row of
 * a binary tensor can be a single byte, but takes far more memory once it is read.
 */
export function toInstances(inputs: unknown, tail: Tail, features: readonly Feature[], limits: Limits): Instances {
  if (!Array.isArray(inputs) || inputs.length === 0) throw invalid('/inputs', 'an array of at least 1 tensor', inputs);
  const tensors = inputs.map((input, index) => parseDeclaration(input, `/inputs/${index}`));
  const positions = holdsAllFeatures(tensors, features) ? undefined : findPositions(tensors, features);
  const width = positions ? 1 : features.length;
  const rows = countRows(tensors, width, limits);
  const elements = readTensors(tensors, rows, width, tail, limits);
  const inOrder = positions?.map((position) => elements[position]) ?? elements;
  return toRows(inOrder as Elements[], rows, width);
}

/**
 * Whether there is only one tensor, and it holds all features. Clients often choose the name of a single tensor at
 * random. So a tensor of shape [N, F] holds all features, whatever its name. A tensor of another shape holds one
 * feature if it has that feature's name.
 */
function holdsAllFeatures(tensors: readonly Declaration[], features: readonly Feature[]): boolean {
  const [tensor, ...others] = tensors;
  if (!tensor || others.length > 0) return false;
  const isMatrix = tensor.shape.length === 2 && tensor.shape[1] === features.length;
  return isMatrix || !features.some(({ name }) => name === tensor.name);
}

/** For each feature, the position of its tensor in `inputs`; -1 if it has none and counts as missing. */
function findPositions(tensors: readonly Declaration[], features: readonly Feature[]): readonly number[] {
  const names = tensors.map(({ name }) => name);
  return findColumns(names, features, '/inputs', (column) => `/inputs/${column}/name`);
}

/** The number of rows, which must be the same in all tensors. */
function countRows(tensors: readonly Declaration[], width: number, limits: Limits): number {
  const counts = tensors.map((tensor) => rowsOf(tensor, width));
  const [rows = 0] = counts;
  const uneven = counts.findIndex((count) => count !== rows);
  if (uneven >= 0)
    throw invalid(`/inputs/${uneven}/shape`, `${rows} rows like the first tensor, got ${counts[uneven]}`);
  if (rows === 0) throw invalid('/inputs/0/shape', 'at least 1 row');
  if (rows <= limits.rows) return rows;
  throw new RequestError('PayloadTooLarge', `Expected at most ${limits.rows} rows, got ${rows}`);
}

/**
 * The number of rows in a tensor. A tensor with one dimension is a column if rows have one value, and otherwise a
 * single row.
 */
function rowsOf({ shape, pointer }: Declaration, width: number): number {
  const [rows = 0, columns] = shape.length === 2 ? shape : width === 1 ? [shape[0], 1] : [1, shape[0]];
  if (columns === width) return rows;
  throw invalid(`${pointer}/shape`, `[rows, ${width}] or [${width === 1 ? 'rows' : width}], got [${shape.join(', ')}]`);
}

/** Reads the tensors in their order, which is also the order of their bytes. */
function readTensors(
  tensors: readonly Declaration[],
  rows: number,
  width: number,
  tail: Tail,
  limits: Limits,
): readonly Elements[] {
  const errors = createDataErrors();
  const elements = tensors.map((tensor) => {
    const read =
      tensor.binarySize === undefined
        ? readData(tensor, rows, width)
        : readBinary(tensor, tensor.binarySize, rows, width, tail, limits);
    checkElements(read, tensor.datatype, width, errors);
    return decodeElements(read, tensor.contentType, width, errors);
  });
  if (tail.remaining > 0) throw invalid('', `the body to end with the tensors' bytes, got ${tail.remaining} more`);
  errors.throwIfAny();
  return elements;
}

function readBinary(
  tensor: Declaration,
  size: number,
  rows: number,
  width: number,
  tail: Tail,
  limits: Limits,
): Elements {
  const { pointer, datatype } = tensor;
  if (size > tail.remaining) {
    const expected = `at most ${tail.remaining}, the number of bytes left after the JSON and the tensors before`;
    throw invalid(`${pointer}/parameters/binary_data_size`, `${expected}, got ${size}`);
  }
  // Errors about a value point into `data`, as if the bytes were there.
  const at = `${pointer}/data`;
  const values = readElements(tail.take(size), datatype, rows * width, pointer, limits);
  return { values, pointerOf: (row, key = 0) => `${at}/${row * width + Number(key)}` };
}

/** Reads `data`, which is flat or has an array for each row. */
function readData({ pointer, data, shape }: Declaration, rows: number, width: number): Elements {
  const at = `${pointer}/data`;
  const isNested = shape.length === 2 && Array.isArray(data) && Array.isArray(data[0]);
  const outer = checkLength(data, isNested ? rows : rows * width, at);
  if (!isNested) return { values: outer, pointerOf: (row, key = 0) => `${at}/${row * width + Number(key)}` };
  const values = outer.flatMap((inner, row) => checkLength(inner, width, `${at}/${row}`));
  return { values, pointerOf: (row, key) => `${at}/${row}${toPointerStep(key)}` };
}

function checkLength(values: unknown, length: number, pointer: string): readonly unknown[] {
  if (Array.isArray(values) && values.length === length) return values;
  throw invalid(pointer, `an array of ${length}, as the shape says, got ${kindOf(values)}`);
}

function checkElements({ values, pointerOf }: Elements, datatype: Datatype, width: number, errors: DataErrors): void {
  values.forEach((value, index) => {
    const problem = problemWithElement(value, datatype);
    if (problem) errors.add(pointerOf(Math.floor(index / width), index % width), problem);
  });
}

function decodeElements(elements: Elements, contentType = '', width: number, errors: DataErrors): Elements {
  const codec = codecs.get(contentType);
  if (!codec) return elements;
  const values = elements.values.map((value, index) => {
    if (typeof value !== 'string') return value;
    const decoded = codec.decode(value);
    if (decoded !== undefined) return decoded;
    const pointer = elements.pointerOf(Math.floor(index / width), index % width);
    errors.add(pointer, `expected ${codec.expected} because content_type is ${contentType}`);
    return null;
  });
  return { ...elements, values };
}

/**
 * Builds rows from one tensor of all features, or from one per feature. If there is one for each feature, an error
 * about a whole row points to the row's value in the first tensor.
 */
function toRows(tensors: readonly Elements[], rows: number, width: number): Instances {
  const [only, ...others] = tensors;
  const toRow = (row: number) => {
    if (only && others.length === 0) return only.values.slice(row * width, (row + 1) * width);
    return tensors.map(({ values }) => values[row]);
  };
  const pointerOf: PointerOf = (row, key) => {
    const isColumn = width === 1 && typeof key === 'number';
    return tensors[isColumn ? key : 0]?.pointerOf(row, isColumn ? 0 : key) ?? '/inputs';
  };
  // If one tensor of numbers holds all features, boolean features are 1 and 0 in it.
  const leniency = { takesNumbersAsFlags: true };
  return fromRows(
    Array.from({ length: rows }, (_, row) => toRow(row)),
    pointerOf,
    leniency,
  );
}
