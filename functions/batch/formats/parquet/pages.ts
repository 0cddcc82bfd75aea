import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ColumnMetaData, DecodedArray, Encoding } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { ColumnDecoder, DataPageHeader, PageHeader } from 'hyparquet/src/types.js';
import { compressors } from 'hyparquet-compressors';
import type { TableColumn } from './footer.ts';
import { decodeHybrid } from './hybrid.ts';
import type { ByteRun } from './input-bytes.ts';

/** The decoded rows of one page of a column. */
export interface Page {
  readonly rows: number;
  /** The values of the rows that have one, or their positions in `dictionary`. */
  readonly values: DecodedArray;
  readonly dictionary: DecodedArray | undefined;
  /** 1 for a row that has a value, else 0; undefined if all rows have one. */
  readonly levels: Int32Array | undefined;
}

/** The largest page in bytes, compressed and decompressed. Writers make pages of about a megabyte. */
const maxPage = 512 * 1024 * 1024;
/** The sizes to try for a page header. Most have a few dozen bytes, but the statistics in one can hold long texts. */
const headerBytes = [512, 64 * 1024, 16 * 1024 * 1024];

const bounded: ReadonlySet<Encoding> = new Set<Encoding>([
  ...(['PLAIN', 'BYTE_STREAM_SPLIT'] as const),
  ...(['DELTA_BINARY_PACKED', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'] as const),
]);

const unpackers = {
  ...compressors,
  // These run in native code, and stop at the given length.
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
};

/** Yields the pages of a column in one row group. Throws an error, its own or hyparquet's, for a damaged page. */
export async function* readPages(bytes: ByteRun, column: TableColumn, chunk: ColumnMetaData): AsyncGenerator<Page> {
  const decoder = toDecoder(column, chunk);
  const rows = Number(chunk.num_values);
  let dictionary: DecodedArray | undefined;
  for (let row = 0; row < rows; ) {
    const header = await readHeader(bytes);
    const size = header.compressed_page_size;
    if (!(size >= 0 && size <= maxPage && header.uncompressed_page_size <= maxPage))
      throw new Error('too large a page');
    const body = (await bytes.peek(size)).subarray(0, size);
    if (body.length < size) throw new Error('a page is broken off');
    bytes.skip(size);
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = toDictionary(body, header, decoder);
    } else if (header.type !== 'INDEX_PAGE') {
      const page = toPage(body, header, decoder, { dictionary, most: rows - row });
      row += page.rows;
      yield page;
    }
  }
}

function toDecoder({ element, root, name }: TableColumn, { codec }: ColumnMetaData): ColumnDecoder {
  const type = element.type ?? 'BOOLEAN';
  // No parsers: values stay as stored, without conversion to texts or dates.
  const parsers = {} as ColumnDecoder['parsers'];
  // Only the root, because levels are decoded here and hyparquet must not look for them.
  return { pathInSchema: [name], type, element, schemaPath: [root], codec, parsers, compressors: unpackers };
}

/** A header's length is not stored, so this tries to parse more and more bytes. */
async function readHeader(bytes: ByteRun): Promise<PageHeader> {
  for (const count of headerBytes) {
    const held = await bytes.peek(count);
    const reader = { view: new DataView(held.buffer, held.byteOffset, held.byteLength), offset: 0 };
    try {
      const header = parquetHeader(reader);
      bytes.skip(reader.offset);
      return header;
    } catch (error) {
      if (held.length < count || count === headerBytes.at(-1)) throw error;
    }
  }
  throw new Error('a page without a header');
}

function toDictionary(body: Uint8Array, header: PageHeader, { codec, type, element }: ColumnDecoder): DecodedArray {
  const bytes = decompressPage(body, header.uncompressed_page_size, codec, unpackers);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  return readPlain(reader, type, header.dictionary_page_header?.num_values ?? 0, element.type_length);
}

function toPage(body: Uint8Array, header: PageHeader, decoder: ColumnDecoder, { dictionary, most }: Context): Page {
  const { num_values: rows = 0, encoding } = header.data_page_header ?? header.data_page_header_v2 ?? {};
  if (!(rows > 0 && rows <= most)) throw new Error('a page of too many rows');
  const { levels: packed, values: bytes } = divide(body, header, decoder);
  const { levels, present } = toLevels(packed, rows);
  if (present === 0) return { rows, values: [], dictionary: undefined, levels };
  if (!encoding?.endsWith('_DICTIONARY')) {
    return { rows, values: toValues(bytes, encoding, present, decoder), dictionary: undefined, levels };
  }
  if (dictionary === undefined) throw new Error('a page whose dictionary is missing');
  return { rows, values: decodeHybrid(bytes.subarray(1), bytes[0] ?? 0, present), dictionary, levels };
}

/** Decodes values that are not positions in a dictionary. */
function toValues(
  bytes: Uint8Array,
  encoding: Encoding | undefined,
  count: number,
  decoder: ColumnDecoder,
): DecodedArray {
  if (encoding === 'RLE' && decoder.type === 'BOOLEAN') {
    return Array.from(decodeHybrid(bytes.subarray(4), 1, count), (flag) => flag === 1);
  }
  // For other encodings, hyparquet reads beyond the end of damaged data.
  if (encoding === undefined || !bounded.has(encoding)) throw new Error('an encoding that is not read');
  return readDataPage(bytes, { num_values: count, encoding } as DataPageHeader, decoder).dataPage;
}

/** The dictionary that a page refers to, and the number of rows that are left. */
interface Context {
  readonly dictionary: Page['dictionary'];
  readonly most: number;
}

/** Splits a page into its levels and its values. The levels are undefined for a required column. */
function divide(body: Uint8Array, header: PageHeader, { codec, element }: ColumnDecoder) {
  const { data_page_header_v2: v2, uncompressed_page_size: size } = header;
  const isRequired = element.repetition_type === 'REQUIRED';
  if (v2) {
    const start = v2.repetition_levels_byte_length;
    const end = start + v2.definition_levels_byte_length;
    const packed = body.subarray(end);
    const values = v2.is_compressed === false ? packed : decompressPage(packed, size - end, codec, unpackers);
    return { levels: isRequired ? undefined : body.subarray(start, end), values };
  }
  const page = decompressPage(body, size, codec, unpackers);
  if (header.data_page_header?.definition_level_encoding === 'BIT_PACKED') throw new Error('levels of an old format');
  if (isRequired) return { levels: undefined, values: page };
  const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  return { levels: page.subarray(4, 4 + length), values: page.subarray(4 + length) };
}

/** Decodes the levels, and counts the rows that have a value. */
function toLevels(packed: Uint8Array | undefined, rows: number): Pick<Page, 'levels'> & { readonly present: number } {
  if (!packed) return { levels: undefined, present: rows };
  const levels = decodeHybrid(packed, 1, rows);
  let present = 0;
  for (const level of levels) present += level;
  return { levels: present === rows ? undefined : levels, present };
}
