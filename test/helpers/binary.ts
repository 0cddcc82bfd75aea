/** Elements of BYTES as they follow the JSON of a request: each its length in 4 bytes, and its UTF-8. */
export function bytesOf(...values: readonly string[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(value));
      return [length, Buffer.from(value)];
    }),
  );
}

export function float64(...values: readonly number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}
