import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** The first and last bytes of a Parquet file. */
export const magicBytes: Uint8Array = Buffer.from('PAR1');

/** Encodes everything after the row groups. */
export function encodeFooter(columns: readonly SchemaElement[], groups: readonly RowGroup[]): Uint8Array {
  const writer = new ByteWriter(4096);
  const rows = groups.reduce((total, { num_rows }) => total + num_rows, 0n);
  writeMetadata(writer, {
    version: 2,
    created_by: 'sepal',
    schema: [{ name: 'schema', repetition_type: 'REQUIRED', num_children: columns.length }, ...columns],
    num_rows: rows,
    row_groups: [...groups],
    // The type requires this field, but the writer ignores it.
    metadata_length: 0,
  });
  writer.appendBytes(magicBytes);
  return writer.getBytes();
}
