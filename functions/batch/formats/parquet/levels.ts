import { type ByteBuffer, reserve } from '../../../core/byte-buffer.ts';

/** Appends Parquet's definition levels before they are encoded: 1 for a value, 0 for undefined. */
export function appendLevels(levels: ByteBuffer, values: ArrayLike<unknown>): void {
  const { length } = values;
  reserve(levels, length);
  const { bytes, length: at } = levels;
  if (ArrayBuffer.isView(values)) bytes.fill(1, at, at + length);
  else for (let row = 0; row < length; row += 1) bytes[at + row] = values[row] === undefined ? 0 : 1;
  levels.length += length;
}
