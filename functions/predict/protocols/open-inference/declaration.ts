import { isRecord } from '../../model/value.ts';
import { type Datatype, datatypes, invalid, isDatatype } from './datatype.ts';

/** A tensor as the request describes it. */
export interface Declaration {
  readonly pointer: string;
  readonly name: string;
  readonly datatype: Datatype;
  /** One or two dimensions. */
  readonly shape: readonly number[];
  readonly data: unknown;
  /** How many of the bytes after the JSON are its elements; undefined where they are its `data`. */
  readonly binarySize: number | undefined;
}

/** Throws InvalidInput at what is wrong. */
export function parseDeclaration(input: unknown, pointer: string): Declaration {
  if (!isRecord(input)) throw invalid(pointer, 'an object with name, shape, datatype and data', input);
  const { name, datatype, data } = input;
  if (typeof name !== 'string') throw invalid(`${pointer}/name`, 'a string', name);
  if (!isDatatype(datatype)) throw invalid(`${pointer}/datatype`, `one of ${datatypes.join(', ')}`, datatype);
  const shape = parseShape(input.shape, `${pointer}/shape`);
  const binarySize = parseBinarySize(input.parameters, data, pointer);
  return { pointer, name, datatype, shape, data, binarySize };
}

function parseShape(shape: unknown, pointer: string): readonly number[] {
  const isShape = Array.isArray(shape) && (shape.length === 1 || shape.length === 2) && shape.every(isSize);
  if (!isShape) throw invalid(pointer, 'an array of 1 or 2 sizes, whole numbers from 0', shape);
  return shape;
}

function parseBinarySize(parameters: unknown, data: unknown, pointer: string): number | undefined {
  const at = `${pointer}/parameters`;
  const { binary_data_size: size, ...others } = parseParameters(parameters, at);
  refuseSharedMemory(others, at);
  if (size === undefined) return undefined;
  if (!isSize(size)) throw invalid(`${at}/binary_data_size`, 'a number of bytes', size);
  if (data !== undefined && data !== null) throw invalid(`${at}/binary_data_size`, 'either it or data, got both');
  return size;
}

/** Sizes are counted in doubles, which are exact up to there. */
function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Some clients write null for what they leave out. */
export function parseParameters(parameters: unknown, pointer: string): Readonly<Record<string, unknown>> {
  if (parameters === undefined || parameters === null) return {};
  if (!isRecord(parameters)) throw invalid(pointer, 'an object', parameters);
  return parameters;
}

export function refuseSharedMemory(parameters: Readonly<Record<string, unknown>>, pointer: string): void {
  const name = Object.keys(parameters).find((key) => key.startsWith('shared_memory_'));
  if (name) throw invalid(pointer, 'data in the body: this service shares no memory with its clients');
}
