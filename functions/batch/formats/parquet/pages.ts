import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ColumnMetaData, DecodedArray } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { ColumnDecoder, DataPageHeader, PageHeader } from 'hyparquet/src/types.js';
import { compressors } from 'hyparquet-compressors';
import type { ByteRun } from './bytes.ts';
import type { TableColumn } from './footer.ts';

/** Some rows of a column, as they are written down. */
export interface Page {
  readonly rows: number;
  /** Of rows that have a value, in their order: values, or positions in `dictionary`. */
  readonly values: DecodedArray;
  readonly dictionary: DecodedArray | undefined;
  /** 1 of a row that has a value; undefined where all have one. */
  readonly levels: readonly number[] | undefined;
}

/** Bytes that a page may have at most, packed and unpacked: writers make pages of about a megabyte. */
const maxPage = 512 * 1024 * 1024;
/** Most headers have a few dozen bytes; statistics of long texts can stand in them. */
const headerBytes = [512, 64 * 1024, 16 * 1024 * 1024];

const unpackers = {
  ...compressors,
  // These run in native code, and know where to stop.
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
};

/** The pages of a column in one row group, one at a time. Throws what the library throws where they are damaged. */
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
      const page = toPage(body, header, decoder, dictionary);
      row += page.rows;
      yield page;
    }
  }
}

function toDecoder({ element, path, name }: TableColumn, { codec }: ColumnMetaData): ColumnDecoder {
  const type = element.type ?? 'BOOLEAN';
  // Values stay what is stored: neither texts nor dates are made here.
  const parsers = {} as ColumnDecoder['parsers'];
  return { pathInSchema: [name], type, element, schemaPath: [...path], codec, parsers, compressors: unpackers };
}

/** How long a header is can only be told by reading it. */
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

function toPage(body: Uint8Array, header: PageHeader, decoder: ColumnDecoder, dictionary: Page['dictionary']): Page {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  const { num_values: rows, encoding } = v1 ?? v2 ?? { num_values: 0, encoding: undefined };
  if (rows <= 0) throw new Error('a page without rows');
  const isOfPositions = encoding?.endsWith('_DICTIONARY') === true;
  if (isOfPositions && dictionary === undefined) throw new Error('a page whose dictionary is missing');
  const data = v1
    ? toData(decompressPage(body, header.uncompressed_page_size, decoder.codec, unpackers), v1, decoder)
    : readDataPageV2(body, header, decoder);
  const { dataPage: values, definitionLevels } = data;
  const levels = values.length < rows ? definitionLevels : undefined;
  return { rows, values, dictionary: isOfPositions ? dictionary : undefined, levels };
}

function toData(page: Uint8Array, header: DataPageHeader, decoder: ColumnDecoder) {
  const [root, column] = decoder.schemaPath;
  const levels = root && column && column.element.repetition_type !== 'REQUIRED' ? lengthOfFull(page, header) : 0;
  if (levels === 0) return readDataPage(page, header, decoder);
  // As if each row had to have a value: to read levels that are all the same takes as long as to read the values.
  return readDataPage(page.subarray(levels), header, { ...decoder, schemaPath: decoder.schemaPath.slice(0, 1) });
}

/** How many bytes the levels have if they say in one word that each row has a value; else 0. */
function lengthOfFull(page: Uint8Array, { num_values }: DataPageHeader): number {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let [at, run, shift] = [4, 0, 0];
  for (let more = true; more && shift < 28; at += 1, shift += 7) {
    const byte = view.getUint8(at);
    run |= (byte & 0x7f) << shift;
    more = byte >= 0x80;
  }
  const isRun = run % 2 === 0 && run / 2 >= num_values && view.getUint8(at) === 1;
  return isRun ? 4 + view.getUint32(0, true) : 0;
}
