import { isRecord } from '../../../core/model/value.ts';
import { type Datatype, datatypes, invalid, isDatatype } from './datatype.ts';
import { checkContentType, parseParameters } from './parameters.ts';

/** A tensor as the request describes it. */
export interface Declaration {
  readonly pointer: string;
  readonly name: string;
  readonly datatype: Datatype;
  /** One or two sizes, as the client declares them. */
  readonly shape: readonly number[];
  readonly data: unknown;
  /** The number of bytes after the JSON that hold its elements; undefined if they are in `data`. */
  readonly binarySize: number | undefined;
  /** MLServer's name for the codec of the elements. */
  readonly contentType: string | undefined;
}

/** Reads the declaration of a tensor. Throws InvalidInput, whose pointer leads to the member that is wrong. */
export function parseDeclaration(input: unknown, pointer: string): Declaration {
  if (!isRecord(input)) throw invalid(pointer, 'an object with name, shape, datatype and data', input);
  const { name, datatype, data } = input;
  if (typeof name !== 'string') throw invalid(`${pointer}/name`, 'a string', name);
  if (!isDatatype(datatype)) throw invalid(`${pointer}/datatype`, `one of ${datatypes.join(', ')}`, datatype);
  const shape = parseShape(input.shape, `${pointer}/shape`);
  const at = `${pointer}/parameters`;
  const parameters = parseParameters(input.parameters, at, 'input');
  const binarySize = parseBinarySize(parameters.binary_data_size, data, `${at}/binary_data_size`);
  const contentType = checkContentType(parameters, at, 'input', datatype);
  return { pointer, name, datatype, shape, data, binarySize, contentType };
}

function parseShape(shape: unknown, pointer: string): readonly number[] {
  const expected = 'an array of 1 or 2 sizes, each a whole number from 0';
  if (!Array.isArray(shape) || shape.length < 1 || shape.length > 2) throw invalid(pointer, expected, shape);
  if (!shape.every(isSize)) throw invalid(pointer, expected);
  return shape;
}

function parseBinarySize(size: unknown, data: unknown, pointer: string): number | undefined {
  if (size === undefined) return undefined;
  if (!isSize(size)) throw invalid(pointer, 'a whole number of bytes from 0', size);
  if (data !== undefined && data !== null) throw invalid(pointer, 'either binary_data_size or data, got both');
  return size;
}

/** Whether a value is a whole number from 0 that a double holds exactly. */
function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
