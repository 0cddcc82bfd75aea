import { type ByteBuffer, reserve } from '../../../core/byte-buffer.ts';

/** Appends 1 for each value and 0 for each that is undefined: Parquet's definition levels, before they are packed. */
export function appendLevels(levels: ByteBuffer, values: ArrayLike<unknown>): void {
  const { length } = values;
  reserve(levels, length);
  const { bytes, length: at } = levels;
  if (ArrayBuffer.isView(values)) bytes.fill(1, at, at + length);
  else for (let row = 0; row < length; row += 1) bytes[at + row] = values[row] === undefined ? 0 : 1;
  levels.length += length;
}
