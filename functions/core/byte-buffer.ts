/** A buffer that grows as bytes are appended. Code that writes into `bytes` directly must call `reserve` first. */
export interface ByteBuffer {
  bytes: Buffer;
  length: number;
}

export function createByteBuffer(size = 4096): ByteBuffer {
  return { bytes: Buffer.allocUnsafe(size), length: 0 };
}

/** Grows the buffer if fewer than `count` bytes are free at its end. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const least = buffer.length + count;
  if (least <= buffer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(least, 2 * buffer.bytes.length));
  larger.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = larger;
}

/** Up to this many bytes, a loop copies faster than `Uint8Array.set`. */
const few = 48;

/** Appends from[start] to from[end - 1]. */
export function append(buffer: ByteBuffer, from: Uint8Array, start = 0, end = from.length): void {
  reserve(buffer, end - start);
  const { bytes, length } = buffer;
  if (end - start > few) bytes.set(from.subarray(start, end), length);
  else for (let at = start; at < end; at += 1) bytes[length + at - start] = from[at] as number;
  buffer.length = length + end - start;
}

export function appendByte(buffer: ByteBuffer, byte: number): void {
  reserve(buffer, 1);
  buffer.bytes[buffer.length] = byte;
  buffer.length += 1;
}

/** Appends a text in UTF-8. */
export function appendText(buffer: ByteBuffer, text: string): void {
  // A UTF-16 unit takes at most three bytes in UTF-8.
  reserve(buffer, 3 * text.length);
  buffer.length += buffer.bytes.write(text, buffer.length, 'utf8');
}

/** Returns the bytes written so far, and empties the buffer. The result is a view: the next write changes it. */
export function take(buffer: ByteBuffer): Uint8Array {
  const written = buffer.bytes.subarray(0, buffer.length);
  buffer.length = 0;
  return written;
}
