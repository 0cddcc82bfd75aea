/** Positions in a dictionary need more bits only if it has over 33 million entries. */
const maxWidth = 25;

/**
 * Decodes numbers of `width` bits in Parquet's RLE and bit-packing hybrid: a run of equal numbers is stored once, other
 * numbers are packed. Throws if there are fewer than `count`.
 */
export function decodeHybrid(bytes: Uint8Array, width: number, count: number): Int32Array {
  if (width > maxWidth) throw new Error('numbers that are too wide');
  const numbers = new Int32Array(count);
  let [at, filled] = [0, 0];
  while (filled < count) {
    const { value: header, end } = readVarint(bytes, at);
    const left = count - filled;
    if (header % 2 === 1) {
      const groups = header >>> 1;
      const packed = Math.min(8 * groups, left);
      unpack(bytes.subarray(end), width, numbers.subarray(filled, filled + packed));
      filled += packed;
      at = end + groups * width;
    } else {
      const run = Math.min(header >>> 1, left);
      const size = Math.ceil(width / 8);
      numbers.fill(readLittleEndian(bytes, end, size), filled, filled + run);
      filled += run;
      at = end + size;
    }
  }
  return numbers;
}

/** Unpacks as many numbers of `width` bits as `numbers` has room for. */
function unpack(bytes: Uint8Array, width: number, numbers: Int32Array): void {
  if (Math.ceil((numbers.length * width) / 8) > bytes.length) throw new Error('packed numbers are broken off');
  const mask = 2 ** width - 1;
  for (let index = 0, bit = 0; index < numbers.length; index += 1, bit += width) {
    const at = bit >>> 3;
    // A read beyond the end gives undefined, which counts as 0 here.
    const [a, b, c, d] = [
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
    ];
    numbers[index] = ((a | (b << 8) | (c << 16) | (d << 24)) >>> (bit & 7)) & mask;
  }
}

/** Reads a variable-length integer: seven bits per byte, the lowest first. */
function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, shift = 0; shift < 32; at += 1, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end: at + 1 };
  }
  throw new Error('a number is broken off');
}

function readLittleEndian(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new Error('a number is broken off');
  let value = 0;
  for (let index = 0; index < size; index += 1) value |= (bytes[at + index] as number) << (8 * index);
  return value;
}
