import type { DecodedArray, SchemaElement } from 'hyparquet';
import { toShortest } from '../../../core/numbers/float32.ts';
import type { KeptColumn } from '../format.ts';
import { isUnsigned, typeOf } from './column-type.ts';
import type { Values } from './cursor.ts';
import { toDecimal } from './decimal.ts';
import type { TableColumn } from './footer.ts';
import { toHalf, toText } from './numbers.ts';
import { createTimeText } from './time-text.ts';

/** A kept column from a Parquet input. A Parquet output stores its values unchanged. */
export interface StoredColumn extends KeptColumn {
  readonly element: SchemaElement;
  readonly stored: Values;
}

export function isStored(column: KeptColumn): column is StoredColumn {
  return 'element' in column && 'stored' in column;
}

/** Returns the stored values unchanged. */
export function asStored(stored: DecodedArray): Values {
  return stored;
}

type ToText = (stored: unknown) => string;

/** Creates kept columns from the stored values of one column. */
export function createKept({ name, element }: TableColumn): (stored: Values) => StoredColumn {
  const toCell = createText(element);
  const toValue = createValue(element, toCell);
  return (stored) => ({
    name,
    element,
    stored,
    text: (row) => (stored[row] === undefined ? undefined : toCell(stored[row])),
    value: (row) => (stored[row] === undefined ? undefined : toValue(stored[row])),
  });
}

/**
 * Creates a converter to JSON values: booleans; numbers, except integers beyond 2^53 - 1, which become texts; and texts
 * for all other types. NaN and infinity stay numbers, which JSON.stringify writes as null.
 */
function createValue(element: SchemaElement, toCell: ToText): (stored: unknown) => unknown {
  if (element.type === 'BOOLEAN') return (stored) => stored;
  if (typeOf(element) !== 'number') return toCell;
  const isInteger = element.type === 'INT32' || element.type === 'INT64';
  return (stored) => {
    const text = toCell(stored);
    const number = Number(text);
    return isInteger ? (Number.isSafeInteger(number) ? number : text) : number;
  };
}

function createText(element: SchemaElement): ToText {
  const type = typeOf(element);
  if (type === 'decimal') return toDecimal(element);
  const time = createTimeText(element);
  if (time) return time;
  if (type === 'bytes' || type === 'intervals' || type === 'shapes')
    return (value) => toBytes(value).toString('base64');
  if (type === 'UUIDs') return toUuid;
  if (element.type === 'FLOAT') return (value) => String(toShortest(value as number));
  if (element.type === 'FIXED_LEN_BYTE_ARRAY') return (value) => String(toHalf(value as Uint8Array));
  if (isUnsigned(element)) return toUnsigned;
  return (value) => (value instanceof Uint8Array ? toText(value) : String(value));
}

function toBytes(value: unknown): Buffer {
  const { buffer, byteOffset, length } = value as Uint8Array;
  return Buffer.from(buffer, byteOffset, length);
}

function toUuid(value: unknown): string {
  const hex = toBytes(value).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Formats an unsigned integer, which is stored with the bits of a signed one. */
function toUnsigned(value: unknown): string {
  return typeof value === 'bigint' ? String(BigInt.asUintN(64, value)) : String((value as number) >>> 0);
}
