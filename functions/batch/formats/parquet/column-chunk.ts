import type { ColumnChunk, Encoding, SchemaElement } from 'hyparquet';
import type { PageHeader } from 'hyparquet/src/types.js';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { packSnappy } from './snappy.ts';

/** The values of a column in one row group, before compression. */
export interface PlainColumn {
  readonly rows: number;
  /** A byte per row: 1 if the row has a value, else 0. Ignored for a required column. */
  readonly levels: Uint8Array;
  /** The values of the rows that have one. */
  readonly values: Uint8Array | Positions;
}

/** Values as positions in a dictionary of the distinct ones. */
export interface Positions {
  readonly positions: Int32Array;
  /** The distinct values in Parquet's plain encoding. */
  readonly dictionary: Uint8Array;
  readonly distinct: number;
}

/**
 * Encodes a column chunk that begins `offset` bytes into the file. Returns its bytes, and its description for the
 * footer.
 */
export function encodeChunk(
  column: PlainColumn,
  element: SchemaElement,
  offset: number,
): { readonly bytes: Uint8Array; readonly chunk: ColumnChunk } {
  const { values, rows } = column;
  const writer = new ByteWriter(4096);
  let unpacked = 0;
  let encoding: Encoding = 'PLAIN';
  if ('positions' in values) {
    encoding = 'RLE_DICTIONARY';
    const dictionary_page_header = { num_values: values.distinct, encoding: 'PLAIN' as const };
    unpacked += writePage(writer, values.dictionary, { type: 'DICTIONARY_PAGE', dictionary_page_header });
  }
  const dataStart = writer.offset;
  const data_page_header = {
    ...{ num_values: rows, encoding },
    ...{ definition_level_encoding: 'RLE' as const, repetition_level_encoding: 'RLE' as const },
  };
  unpacked += writePage(writer, toBody(column, element), { type: 'DATA_PAGE', data_page_header });
  const meta_data = {
    type: element.type ?? 'BYTE_ARRAY',
    encodings: [...new Set<Encoding>(['RLE', 'PLAIN', encoding])],
    path_in_schema: [element.name],
    codec: 'SNAPPY' as const,
    num_values: BigInt(rows),
    total_uncompressed_size: BigInt(unpacked),
    total_compressed_size: BigInt(writer.offset),
    data_page_offset: BigInt(offset + dataStart),
    ...(dataStart > 0 && { dictionary_page_offset: BigInt(offset) }),
  };
  return { bytes: writer.getBytes(), chunk: { file_offset: BigInt(offset), meta_data } };
}

/** Writes a page. Returns its size before compression, including the header. */
function writePage(writer: ByteWriter, body: Uint8Array, header: Omit<PageHeader, `${string}_page_size`>): number {
  const packed = packSnappy(body);
  const start = writer.offset;
  const sizes = { uncompressed_page_size: body.length, compressed_page_size: packed.length };
  writePageHeader(writer, { ...header, ...sizes });
  const size = writer.offset - start + body.length;
  writer.appendBytes(packed);
  return size;
}

/** The body of a data page: definition levels, then values. */
function toBody(column: PlainColumn, { repetition_type }: SchemaElement): Uint8Array {
  const levels = repetition_type === 'REQUIRED' ? new Uint8Array() : encodeLevels(column);
  const { values } = column;
  const encoded = 'positions' in values ? encodePositions(values) : values;
  const body = new Uint8Array(levels.length + encoded.length);
  body.set(levels);
  body.set(encoded, levels.length);
  return body;
}

function encodeLevels({ levels }: PlainColumn): Uint8Array {
  const writer = new ByteWriter(64);
  writer.appendUint32(0);
  writeRleBitPackedHybrid(writer, levels, 1);
  writer.view.setUint32(0, writer.offset - 4, true);
  return writer.getBytes();
}

function encodePositions({ positions, distinct }: Positions): Uint8Array {
  const writer = new ByteWriter(4096);
  const width = 32 - Math.clz32(Math.max(0, distinct - 1));
  writer.appendUint8(width);
  writeRleBitPackedHybrid(writer, positions, width);
  return writer.getBytes();
}
