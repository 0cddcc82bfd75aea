import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** What a Parquet file begins and ends with. */
export const magicBytes: Uint8Array = Buffer.from('PAR1');

/** All that stands after the row groups. */
export function encodeFooter(columns: readonly SchemaElement[], groups: readonly RowGroup[]): Uint8Array {
  const writer = new ByteWriter(4096);
  const rows = groups.reduce((total, { num_rows }) => total + num_rows, 0n);
  writeMetadata(writer, {
    version: 2,
    created_by: 'sepal',
    schema: [{ name: 'schema', repetition_type: 'REQUIRED', num_children: columns.length }, ...columns],
    num_rows: rows,
    row_groups: [...groups],
    // Only read, and not written.
    metadata_length: 0,
  });
  writer.appendBytes(magicBytes);
  return writer.getBytes();
}
