import type { RowGroup, SchemaElement } from 'hyparquet';
import type { PartWriter, Writing } from '../format.ts';
import { type ColumnBuffer, createColumnBuffer } from './column-buffer.ts';
import { encodeChunk } from './column-chunk.ts';
import { encodeFooter, magicBytes } from './footer-bytes.ts';
import { type OutputColumn, textElement, toKeptElement, toOutputColumns } from './output-columns.ts';

/** A row group ends after the run with which it reaches this many rows or bytes. */
const [rowsPerGroup, bytesPerGroup] = [131_072, 32 * 1024 * 1024];

/** Writes a part as a complete Parquet file. Holds one row group in memory. */
export function createPart(writing: Writing): PartWriter {
  let columns: readonly BufferedColumn[] | undefined;
  const groups: RowGroup[] = [];
  let rows = 0;
  let offset = 0;

  const begin = (kept: readonly SchemaElement[]) => {
    return toOutputColumns(writing, kept).map((column) => ({ ...column, buffer: createColumnBuffer(column.element) }));
  };

  /** Encodes the row group collected so far. */
  const flush = (): Uint8Array => {
    const pieces = offset === 0 ? [magicBytes] : [];
    const start = offset || magicBytes.length;
    offset = start;
    const chunks = (rows === 0 ? [] : (columns ?? [])).map(({ element, buffer }) => {
      const { bytes, chunk } = encodeChunk(buffer.take(), element, offset);
      pieces.push(bytes);
      offset += bytes.length;
      return chunk;
    });
    if (rows > 0) groups.push(toGroup(chunks, rows, start, offset));
    rows = 0;
    return Buffer.concat(pieces);
  };

  return {
    write(run) {
      columns ??= begin(run.kept.map(toKeptElement));
      for (const { buffer, valuesOf } of columns) buffer.append(valuesOf(run));
      rows += run.rows;
      return rows >= rowsPerGroup || sizeOf(columns) >= bytesPerGroup ? flush() : new Uint8Array();
    },
    end() {
      columns ??= begin(writing.kept.map(textElement));
      const elements = columns.map(({ element }) => element);
      return Buffer.concat([flush(), encodeFooter(elements, groups)]);
    },
  };
}

interface BufferedColumn extends OutputColumn {
  readonly buffer: ColumnBuffer;
}

function sizeOf(columns: readonly BufferedColumn[]): number {
  return columns.reduce((size, { buffer }) => size + buffer.size(), 0);
}

function toGroup(columns: RowGroup['columns'], rows: number, start: number, end: number): RowGroup {
  const total_byte_size = columns.reduce(
    (size, { meta_data }) => size + (meta_data?.total_uncompressed_size ?? 0n),
    0n,
  );
  return {
    columns,
    total_byte_size,
    num_rows: BigInt(rows),
    file_offset: BigInt(start),
    total_compressed_size: BigInt(end - start),
  };
}
