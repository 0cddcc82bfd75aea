import type { TestRequest } from './http-event.ts';

/** Encodes strings as the binary data of a BYTES tensor: for each string, its length in 4 bytes, then its UTF-8. */
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

/** An inference request with one [N, F] tensor, as tritonclient sends it. `members` are added to its JSON header. */
export function binaryRequest(
  rows: readonly (readonly number[])[],
  members: object = {},
): Pick<TestRequest, 'headers' | 'body'> {
  const data = float64(...rows.flat());
  const parameters = { binary_data_size: data.length };
  const inputs = [{ name: 'X', datatype: 'FP64', shape: [rows.length, rows[0]?.length ?? 0], parameters }];
  const header = Buffer.from(JSON.stringify({ ...members, inputs }));
  const headers = { 'inference-header-content-length': String(header.length) };
  return { headers, body: Buffer.concat([header, data]) };
}
