/** Bytes that are written one after the other. Whoever writes makes room first. */
export interface ByteBuffer {
  bytes: Buffer;
  length: number;
}

export function createByteBuffer(size = 4096): ByteBuffer {
  return { bytes: Buffer.allocUnsafe(size), length: 0 };
}

/** Makes sure that so many bytes can be written at the end. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const least = buffer.length + count;
  if (least <= buffer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(least, 2 * buffer.bytes.length));
  larger.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = larger;
}

/** Bytes of what is copied in a loop: for so few, a call of the runtime takes longer. */
const few = 48;

/** Writes a piece of other bytes. */
export function append(buffer: ByteBuffer, from: Uint8Array, start = 0, end = from.length): void {
  reserve(buffer, end - start);
  const { bytes, length } = buffer;
  if (end - start > few) bytes.set(from.subarray(start, end), length);
  else for (let at = start; at < end; at += 1) bytes[length + at - start] = from[at] as number;
  buffer.length = length + end - start;
}

/** Writes a byte. */
export function appendByte(buffer: ByteBuffer, byte: number): void {
  reserve(buffer, 1);
  buffer.bytes[buffer.length] = byte;
  buffer.length += 1;
}

/** Writes a text in UTF-8. */
export function appendText(buffer: ByteBuffer, text: string): void {
  // A character takes three bytes at most.
  reserve(buffer, 3 * text.length);
  buffer.length += buffer.bytes.write(text, buffer.length, 'utf8');
}

/** What was written, until the next change; nothing is held from here on. */
export function take(buffer: ByteBuffer): Uint8Array {
  const written = buffer.bytes.subarray(0, buffer.length);
  buffer.length = 0;
  return written;
}
