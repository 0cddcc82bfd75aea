/** Offsets within a block have at most 16 bits. */
const blockBytes = 65_536;
const hashBits = 14;
/** The last bytes of a block, at which no match is searched, so that four-byte reads stay inside the block. */
const margin = 15;

/**
 * Compresses bytes to the Snappy format, with the algorithm of Snappy's reference implementation. Equal input gives
 * equal output.
 */
export function packSnappy(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(32 + input.length + Math.ceil(input.length / 6));
  let at = 0;
  for (let length = input.length; ; length >>>= 7) {
    output[at++] = length > 0x7f ? (length & 0x7f) | 0x80 : length;
    if (length <= 0x7f) break;
  }
  for (let start = 0; start < input.length; start += blockBytes) {
    at = packBlock(input, start, Math.min(start + blockBytes, input.length), output, at);
  }
  return output.subarray(0, at);
}

function packBlock(input: Uint8Array, start: number, end: number, output: Uint8Array, from: number): number {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const table = new Uint16Array(2 ** hashBits);
  let [at, literal, next, skip] = [from, start, start + 1, 32];
  while (next + margin <= end) {
    const word = view.getInt32(next, true);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
    const candidate = start + (table[hash] as number);
    table[hash] = next - start;
    if (view.getInt32(candidate, true) === word) {
      at = writeLiteral(input, literal, next, output, at);
      const length = lengthOfMatch(input, candidate, next, end);
      at = writeCopies(next - candidate, length, output, at);
      next += length;
      [literal, skip] = [next, 32];
    } else {
      // The longer no match is found, the more positions are skipped.
      next += skip >>> 5;
      skip += 1;
    }
  }
  return writeLiteral(input, literal, end, output, at);
}

function lengthOfMatch(input: Uint8Array, candidate: number, start: number, end: number): number {
  let length = 4;
  while (start + length < end && input[candidate + length] === input[start + length]) length += 1;
  return length;
}

function writeLiteral(input: Uint8Array, start: number, end: number, output: Uint8Array, from: number): number {
  if (start === end) return from;
  const at = writeLiteralLength(end - start, output, from);
  // For a few bytes, the loop is faster than `set`.
  if (end - start > 32) output.set(input.subarray(start, end), at);
  else for (let index = 0; start + index < end; index += 1) output[at + index] = input[start + index] as number;
  return at + end - start;
}

function writeLiteralLength(length: number, output: Uint8Array, at: number): number {
  const last = length - 1;
  output[at] = Math.min(last, last < 256 ? 60 : 61) << 2;
  if (last < 60) return at + 1;
  output[at + 1] = last & 0xff;
  if (last < 256) return at + 2;
  output[at + 2] = last >>> 8;
  return at + 3;
}

function writeCopies(offset: number, length: number, output: Uint8Array, from: number): number {
  let [at, left] = [from, length];
  // At least 4 bytes are left for the last copy, because the short form of a copy cannot have fewer.
  for (; left >= 68; left -= 64) at = writeCopy(offset, 64, output, at);
  if (left > 64) {
    at = writeCopy(offset, 60, output, at);
    left -= 60;
  }
  return writeCopy(offset, left, output, at);
}

function writeCopy(offset: number, length: number, output: Uint8Array, at: number): number {
  if (length < 12 && offset < 2048) {
    output[at] = 1 | ((length - 4) << 2) | ((offset >>> 8) << 5);
    output[at + 1] = offset & 0xff;
    return at + 2;
  }
  output[at] = 2 | ((length - 1) << 2);
  output[at + 1] = offset & 0xff;
  output[at + 2] = offset >>> 8;
  return at + 3;
}
