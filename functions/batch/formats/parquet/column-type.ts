import type { SchemaElement } from 'hyparquet';
import type { FeatureType } from '../../../core/model/tensor.ts';

/** The kind of values in a column, as far as it matters for features. */
export type ColumnType = 'number' | 'decimal' | 'boolean' | 'text' | 'nothing' | OtherType;

/** Further kinds, under the names used in messages. Of these, features accept only timestamps and dates. */
type OtherType =
  | 'timestamps'
  | 'dates'
  | 'times'
  | 'intervals'
  | 'JSON'
  | 'UUIDs'
  | 'shapes'
  | 'bytes'
  | 'unknown values';

const named: Readonly<Record<string, ColumnType>> = {
  ...{ UTF8: 'text', STRING: 'text', ENUM: 'text', DECIMAL: 'decimal', NULL: 'nothing', FLOAT16: 'number' },
  ...{ DATE: 'dates', TIME: 'times', TIME_MILLIS: 'times', TIME_MICROS: 'times' },
  ...{ TIMESTAMP: 'timestamps', TIMESTAMP_MILLIS: 'timestamps', TIMESTAMP_MICROS: 'timestamps' },
  ...{ INTERVAL: 'intervals', JSON: 'JSON', BSON: 'bytes', UUID: 'UUIDs', GEOMETRY: 'shapes', GEOGRAPHY: 'shapes' },
  ...{ INTEGER: 'number', INT_8: 'number', INT_16: 'number', INT_32: 'number', INT_64: 'number' },
  ...{ UINT_8: 'number', UINT_16: 'number', UINT_32: 'number', UINT_64: 'number' },
};

const physical: Readonly<Record<string, ColumnType>> = {
  ...{ BOOLEAN: 'boolean', INT32: 'number', INT64: 'number', FLOAT: 'number', DOUBLE: 'number' },
  // Old versions of Spark and Impala wrote timestamps as INT96, and Hive wrote texts as BYTE_ARRAY without a logical
  // type.
  ...{ INT96: 'timestamps', BYTE_ARRAY: 'text', FIXED_LEN_BYTE_ARRAY: 'bytes' },
};

export function typeOf({ type, converted_type, logical_type }: SchemaElement): ColumnType {
  const name = logical_type?.type ?? converted_type;
  return (name === undefined ? physical[type ?? ''] : named[name]) ?? 'unknown values';
}

/** Whether the column holds unsigned integers. */
export function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  if (logical_type?.type === 'INTEGER') return !logical_type.isSigned;
  return converted_type?.startsWith('UINT_') ?? false;
}

const taken: Readonly<Record<FeatureType, readonly ColumnType[]>> = {
  float32: ['number', 'decimal', 'nothing'],
  float64: ['number', 'decimal', 'nothing'],
  // pandas converts an integer column with missing values to float64.
  int64: ['number', 'decimal', 'nothing'],
  bool: ['boolean', 'number', 'nothing'],
  string: ['text', 'nothing'],
  timestamp: ['timestamps', 'dates', 'text', 'nothing'],
};

const plurals: Readonly<Record<string, string>> = {
  ...{ number: 'numbers', decimal: 'decimals', boolean: 'booleans', text: 'strings' },
};

const expected: Readonly<Record<FeatureType, string>> = {
  ...{ float32: 'numbers', float64: 'numbers', int64: 'integers', bool: 'booleans', string: 'strings' },
  timestamp: 'times',
};

/** Says why a column's type does not fit a feature; undefined if at least some values can. */
export function problemWithType(name: string, type: ColumnType, dtype: FeatureType): string | undefined {
  if (taken[dtype].includes(type)) return undefined;
  return `${JSON.stringify(name)}: expected ${expected[dtype]}, got a column of ${plurals[type] ?? type}`;
}
