import type { SchemaElement } from 'hyparquet';
import { append, appendByte, createByteBuffer, reserve, take } from '../../../core/byte-buffer.ts';
import { createByteArrayBuffer } from './byte-array-buffer.ts';
import type { PlainColumn } from './column-chunk.ts';
import type { Values } from './cursor.ts';
import { appendLevels } from './levels.ts';

/** Collects the values of a column for one row group. */
export interface ColumnBuffer {
  /** Appends one value per row as Parquet stores it; undefined for a missing value. Texts may be strings. */
  append(values: Values): void;
  /** The approximate number of bytes held. */
  size(): number;
  /** Returns the collected values. They are a view, which the next change overwrites. */
  take(): PlainColumn;
}

export function createColumnBuffer(element: SchemaElement): ColumnBuffer {
  const { type, type_length } = element;
  if (type === 'BYTE_ARRAY') return createByteArrayBuffer();
  if (type === 'BOOLEAN') return createFlagBuffer();
  const [width, write] =
    type === 'FIXED_LEN_BYTE_ARRAY' ? [type_length ?? 0, writeBytes] : (numbers[type ?? ''] ?? [0, writeBytes]);
  return createFixedBuffer(width, write);
}

/** Writes one value into the bytes. */
type Write = (bytes: Buffer, value: unknown, at: number) => void;

const writeBytes: Write = (bytes, value, at) => bytes.set(value as Uint8Array, at);

const numbers: Readonly<Record<string, readonly [width: number, write: Write]>> = {
  INT32: [4, (bytes, value, at) => bytes.writeInt32LE(value as number, at)],
  INT64: [8, (bytes, value, at) => bytes.writeBigInt64LE(value as bigint, at)],
  FLOAT: [4, (bytes, value, at) => bytes.writeFloatLE(value as number, at)],
  DOUBLE: [8, (bytes, value, at) => bytes.writeDoubleLE(value as number, at)],
};

/** Collects values of `width` bytes each. */
function createFixedBuffer(width: number, write: Write): ColumnBuffer {
  const values = createByteBuffer();
  const levels = createByteBuffer();
  return {
    append(added) {
      appendLevels(levels, added);
      if (isLaidOut(added, width)) {
        // Parquet stores numbers little-endian, as do all machines that this runs on.
        append(values, new Uint8Array(added.buffer, added.byteOffset, added.byteLength));
        return;
      }
      for (let row = 0; row < added.length; row += 1) {
        const value = added[row];
        if (value === undefined) continue;
        reserve(values, width);
        write(values.bytes, value, values.length);
        values.length += width;
      }
    },
    size: () => values.length + levels.length,
    take: () => ({ rows: levels.length, levels: take(levels), values: take(values) }),
  };
}

function isLaidOut(values: Values, width: number): values is Float64Array {
  return ArrayBuffer.isView(values) && (values as unknown as Float64Array).BYTES_PER_ELEMENT === width;
}

/** Collects booleans, of which Parquet stores eight in a byte. */
function createFlagBuffer(): ColumnBuffer {
  const flags = createByteBuffer();
  const levels = createByteBuffer();
  return {
    append(added) {
      appendLevels(levels, added);
      for (let row = 0; row < added.length; row += 1) {
        const value = added[row];
        if (value === undefined) continue;
        appendByte(flags, value ? 1 : 0);
      }
    },
    size: () => flags.length + levels.length,
    take: () => ({ rows: levels.length, levels: take(levels), values: toBits(take(flags)) }),
  };
}

function toBits(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, index) => {
    bits[index >> 3] = (bits[index >> 3] as number) | (flag << (index & 7));
  });
  return bits;
}
