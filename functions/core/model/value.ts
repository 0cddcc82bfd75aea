import type { Limits } from '../limits.ts';
import type { DType, FeatureType } from './tensor.ts';

const expectations: Readonly<Record<DType, string>> = {
  float32: 'a number',
  float64: 'a number',
  int64: 'an integer',
  bool: 'true or false',
  string: 'a string',
};

/** Says why a value is not of type `dtype`; undefined if it is. Never quotes the value, because errors are logged. */
export function problemWith(value: unknown, dtype: DType, limits: Pick<Limits, 'stringLength'>): string | undefined {
  const fits = typeof value === (dtype === 'bool' ? 'boolean' : dtype === 'string' ? 'string' : 'number');
  if (!fits) return `expected ${expectations[dtype]}, got ${kindOf(value)}`;
  if (typeof value === 'string') return problemWithString(value, limits);
  return typeof value === 'number' ? problemWithNumber(value, dtype) : undefined;
}

function problemWithString(value: string, { stringLength }: Pick<Limits, 'stringLength'>): string | undefined {
  if (value.length > stringLength) return `expected at most ${stringLength} characters, got ${value.length}`;
  // ONNX Runtime would end the string at a NUL, and would change a lone surrogate.
  if (value.includes('\0')) return 'expected a string of characters, got a NUL';
  return /\p{Surrogate}/u.test(value) ? 'expected a string of characters, got a lone surrogate' : undefined;
}

function problemWithNumber(value: number, dtype: DType): string | undefined {
  if (Number.isNaN(value)) return 'expected a number, got NaN';
  if (!Number.isFinite(value)) return `expected a finite number, got Infinity or one beyond float64's range`;
  if (dtype === 'float32' && !Number.isFinite(Math.fround(value))) return `expected a number within float32's range`;
  if (dtype !== 'int64' || Number.isSafeInteger(value)) return undefined;
  return Number.isInteger(value)
    ? 'expected an integer between -(2^53 - 1) and 2^53 - 1'
    : 'expected an integer, got a number with a fraction';
}

/** Converts a value to what the model saw in training: true and false to 1 and 0, a float32 rounded. */
export function toModelValue(value: string | number | boolean, dtype: FeatureType): string | number {
  if (dtype === 'string') return String(value);
  return dtype === 'float32' ? Math.fround(Number(value)) : Number(value);
}

/** Says what was expected. If a value is passed too, says what kind of value came. */
export function toExpectation(expected: string, ...got: readonly unknown[]): string {
  return `expected ${expected}${got.length > 0 ? `, got ${kindOf(got[0])}` : ''}`;
}

/** Stands for a missing value in CSV if the feature is not nullable, so that the error can say so. */
export const missingField: unique symbol = Symbol('missing');

/** Describes the kind of a value without quoting it. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === missingField) return 'a field that is read as a missing value';
  if (Number.isNaN(value)) return 'NaN';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
