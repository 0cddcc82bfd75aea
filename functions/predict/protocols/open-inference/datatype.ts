import { RequestError } from '../../../core/errors.ts';
import { feedsOf } from '../../../core/model/inputs.ts';
import { hasInputEach, type Manifest } from '../../../core/model/manifest.ts';
import type { FeatureType } from '../../../core/model/tensor.ts';
import { kindOf, toExpectation } from '../../../core/model/value.ts';

export type Datatype =
  | 'BOOL'
  | `${'UINT' | 'INT'}${8 | 16 | 32 | 64}`
  | `FP${16 | 32 | 64}`
  // Strings in UTF-8.
  | 'BYTES';

/** The protocol's datatypes for the model's types. */
export const datatypeOf: Readonly<Record<FeatureType, Datatype>> = {
  float32: 'FP32',
  float64: 'FP64',
  int64: 'INT64',
  bool: 'BOOL',
  string: 'BYTES',
  timestamp: 'BYTES',
};

/** A tensor that a client must send. */
interface TensorType {
  readonly name: string;
  readonly dtype: FeatureType;
  readonly width: number;
}

/**
 * Whether clients send one tensor per feature. Always for models with timestamps: the model's matrix holds them as
 * numbers, but clients send them as strings.
 */
export function hasTensorEach(manifest: Manifest): boolean {
  return hasInputEach(manifest) || manifest.features.some(({ dtype }) => dtype === 'timestamp');
}

/**
 * The tensors that clients send: one per feature with its name and type (whatever the model's own input is called), or
 * one for all features.
 */
export function toTensorTypes(manifest: Manifest): readonly TensorType[] {
  if (hasTensorEach(manifest)) return manifest.features.map(({ name, dtype }) => ({ name, dtype, width: 1 }));
  return feedsOf(manifest);
}

/** Says why a value does not fit a datatype; undefined if it does. Never quotes the value. */
type Check = (value: unknown) => string | undefined;

/** Checks by datatype. They do not round numbers to the datatype, because the model's input decides the precision. */
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
  // From 65520 on, a number rounds to infinity in float16.
  FP16: createFloatCheck('float16', (value) => Math.abs(value) < 65520),
  FP32: createFloatCheck('float32', (value) => Number.isFinite(Math.fround(value))),
  FP64: createFloatCheck('float64', Number.isFinite),
  BYTES: createCheck('string', 'a string'),
};

export const datatypes: readonly string[] = Object.keys(checks);

export function isDatatype(name: unknown): name is Datatype {
  return typeof name === 'string' && datatypes.includes(name);
}

/** Like `Check`, but accepts null and NaN as a missing value. Whether the feature may be missing is checked later. */
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

/** The error for a document that does not follow the protocol. */
export function invalid(pointer: string, expected: string, ...got: readonly unknown[]): RequestError {
  return new RequestError('InvalidInput', 'The request cannot be read as one of the Open Inference Protocol', {
    errors: [{ pointer, detail: toExpectation(expected, ...got) }],
  });
}
