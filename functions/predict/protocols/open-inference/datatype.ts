import { RequestError } from '../../../core/errors.ts';
import { feedsOf } from '../../../core/model/inputs.ts';
import { hasInputEach, type Manifest } from '../../../core/model/manifest.ts';
import type { FeatureType } from '../../../core/model/tensor.ts';
import { kindOf, toExpectation } from '../../../core/model/value.ts';

export type Datatype =
  | 'BOOL'
  | `${'UINT' | 'INT'}${8 | 16 | 32 | 64}`
  | `FP${16 | 32 | 64}`
  // Strings, in UTF-8.
  | 'BYTES';

/** The datatypes that the model's own types are told as. */
export const datatypeOf: Readonly<Record<FeatureType, Datatype>> = {
  float32: 'FP32',
  float64: 'FP64',
  int64: 'INT64',
  bool: 'BOOL',
  string: 'BYTES',
  timestamp: 'BYTES',
};

/** A tensor that a client is asked for. */
interface TensorType {
  readonly name: string;
  readonly dtype: FeatureType;
  readonly width: number;
}

/** Whether clients send a tensor for each feature. Times do so though the model's matrix holds them: no number is a time. */
export function hasTensorEach(manifest: Manifest): boolean {
  return hasInputEach(manifest) || manifest.features.some(({ dtype }) => dtype === 'timestamp');
}

/**
 * One for each feature, by its name and of its own type, whatever the model's input for it is called and holds; or the one
 * that holds all features.
 */
export function toTensorTypes(manifest: Manifest): readonly TensorType[] {
  if (hasTensorEach(manifest)) return manifest.features.map(({ name, dtype }) => ({ name, dtype, width: 1 }));
  return feedsOf(manifest);
}

/** Why a value is no element of a datatype, or undefined where it is. Never quotes the value. */
type Check = (value: unknown) => string | undefined;

/** A number keeps the digits it was written with, also where its datatype has fewer: the model's input decides. */
const checks: Readonly<Record<Datatype, Check>> = {
  BOOL: createCheck('boolean', 'true or false'),
  UINT8: createIntegerCheck(0, 2 ** 8 - 1),
  UINT16: createIntegerCheck(0, 2 ** 16 - 1),
  UINT32: createIntegerCheck(0, 2 ** 32 - 1),
  UINT64: createIntegerCheck(0, Number.MAX_SAFE_INTEGER, '0 and 2^53 - 1'),
  INT8: createIntegerCheck(-(2 ** 7), 2 ** 7 - 1),
  INT16: createIntegerCheck(-(2 ** 15), 2 ** 15 - 1),
  INT32: createIntegerCheck(-(2 ** 31), 2 ** 31 - 1),
  INT64: createIntegerCheck(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, '-(2^53 - 1) and 2^53 - 1'),
  // From there on a number rounds to infinity.
  FP16: createFloatCheck('float16', (value) => Math.abs(value) < 65520),
  FP32: createFloatCheck('float32', (value) => Number.isFinite(Math.fround(value))),
  FP64: createFloatCheck('float64', Number.isFinite),
  BYTES: createCheck('string', 'a string'),
};

export const datatypes: readonly string[] = Object.keys(checks);

export function isDatatype(name: unknown): name is Datatype {
  return typeof name === 'string' && datatypes.includes(name);
}

/** Null and NaN stand for a missing value; whether the feature takes it is for the model to say. */
export function problemWithElement(value: unknown, datatype: Datatype): string | undefined {
  return value === null || Number.isNaN(value) ? undefined : checks[datatype](value);
}

function createCheck(type: 'boolean' | 'number' | 'string', expected: string): Check {
  return (value) => (typeof value === type ? undefined : `expected ${expected}, got ${kindOf(value)}`);
}

function createIntegerCheck(min: number, max: number, range = `${min} and ${max}`): Check {
  const checkNumber = createCheck('number', 'an integer');
  return (value) => {
    const fits = Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
    return fits ? undefined : (checkNumber(value) ?? `expected an integer between ${range}`);
  };
}

function createFloatCheck(type: string, isWithin: (value: number) => boolean): Check {
  const checkNumber = createCheck('number', 'a number');
  return (value) => {
    if (typeof value === 'number' && isWithin(value)) return undefined;
    return checkNumber(value) ?? `expected a finite number within ${type}'s range`;
  };
}

/** A request whose document is not what the protocol has. */
export function invalid(pointer: string, expected: string, ...got: readonly unknown[]): RequestError {
  return new RequestError('InvalidInput', 'The request cannot be read as one of the Open Inference Protocol', {
    errors: [{ pointer, detail: toExpectation(expected, ...got) }],
  });
}
