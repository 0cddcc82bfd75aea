/** Bytes that become more. */
export class ByteBuffer {
  bytes = Buffer.alloc(4096);
  length = 0;

  /** Makes room for as many bytes at the end; returns where they begin. What they hold is up to the caller. */
  reserve(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(this.length, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    return at;
  }

  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** What was held, until the next change; nothing is held from here on. */
  take(): Uint8Array {
    const held = this.bytes.subarray(0, this.length);
    this.length = 0;
    return held;
  }
}

/** Appends 1 for each value and 0 for each that is undefined, as Parquet's levels tell them apart. */
export function appendLevels(levels: ByteBuffer, values: ArrayLike<unknown>): void {
  const at = levels.reserve(values.length);
  if (ArrayBuffer.isView(values)) {
    levels.bytes.fill(1, at, at + values.length);
    return;
  }
  for (let row = 0; row < values.length; row += 1) levels.bytes[at + row] = values[row] === undefined ? 0 : 1;
}
