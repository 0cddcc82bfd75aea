import { type FileMetaData, parquetMetadata, parquetSchema, type RowGroup, type SchemaElement } from 'hyparquet';
import type { SchemaTree } from 'hyparquet/src/types.js';
import { JobError } from '../../job/job-error.ts';
import type { Input } from '../format.ts';
import { readBytes } from './input-bytes.ts';

/** A top-level column of the schema. */
export interface TableColumn {
  readonly name: string;
  readonly element: SchemaElement;
  readonly root: SchemaTree;
  /** Its position among the column chunks of each row group; -1 for a column of lists, records or maps. */
  readonly chunk: number;
}

export interface Footer {
  readonly metadata: FileMetaData;
  readonly columns: readonly TableColumn[];
  readonly groups: readonly TableGroup[];
}

/** A row group, and the rows of the table that it holds. */
export interface TableGroup {
  readonly group: RowGroup;
  readonly row: number;
  readonly rows: number;
}

const magic = 'PAR1';
const magicOfEncrypted = 'PARE';
/** The length of the footer (four bytes) and the magic bytes after it. */
const tailBytes = 8;
/** Most footers fit into this many bytes, so that one read is enough. */
const firstRead = 256 * 1024;

/**
 * The latest footer of each store is cached, because a process reads many slices of one table, and the footer of a wide
 * table is large.
 */
const latest = new WeakMap<Input['store'], { readonly key: string; readonly footer: Promise<Footer> }>();

/** Reads the footer of a Parquet file. Throws InvalidInput if the file is cut off, damaged, encrypted or not Parquet. */
export function readFooter(input: Input): Promise<Footer> {
  const { store, source } = input;
  const key = JSON.stringify([source.location, source.version]);
  const known = latest.get(store);
  if (known?.key === key) return known.footer;
  const footer = parseFooter(input);
  latest.set(store, { key, footer });
  footer.catch(() => latest.delete(store));
  return footer;
}

async function parseFooter(input: Input): Promise<Footer> {
  const footer = toFooter(await readFooterBytes(input));
  for (const { group } of footer.groups) {
    for (const column of footer.columns) checkPlace(group, column, input.source.size);
  }
  return footer;
}

async function readFooterBytes(input: Input): Promise<Uint8Array> {
  const { size } = input.source;
  const head = toText(await readBytes(input, 0, Math.min(size, magic.length)));
  if (head === magicOfEncrypted) throw encrypted();
  if (head !== magic) {
    throw new JobError('InvalidInput', `Expected a Parquet file, which begins with ${magic}: the input does not`);
  }
  const last = await readBytes(input, Math.max(0, size - firstRead), size);
  const tail = last.subarray(-tailBytes);
  const length = new DataView(tail.buffer, tail.byteOffset, tail.length).getUint32(0, true) + tailBytes;
  const isWhole = size >= magic.length + tailBytes && toText(tail.subarray(-magic.length)) === magic;
  if (!isWhole || length > size - magic.length) {
    throw new JobError('InvalidInput', `The Parquet file is cut off: it has ${size} bytes and no footer at its end`);
  }
  return length <= last.length ? last.subarray(-length) : readBytes(input, size - length, size);
}

function toFooter(bytes: Uint8Array): Footer {
  try {
    const metadata = parquetMetadata(bytes, { geoparquet: false });
    return { metadata, columns: toColumns(metadata), groups: toGroups(metadata) };
  } catch (cause) {
    throw new JobError('InvalidInput', 'The footer of the Parquet file is damaged', { cause });
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function encrypted(): JobError {
  return new JobError('InvalidInput', 'The Parquet file is encrypted: write it without encryption');
}

function toColumns(metadata: FileMetaData): readonly TableColumn[] {
  const root = parquetSchema(metadata);
  let chunks = 0;
  return root.children.map((node) => {
    if (typeof node.element.name !== 'string') throw new Error('a column without a name');
    const isFlat = node.children.length === 0 && node.element.repetition_type !== 'REPEATED';
    const column = { name: node.element.name, element: node.element, root, chunk: isFlat ? chunks : -1 };
    chunks += countChunks(node);
    return column;
  });
}

function countChunks({ children }: SchemaTree): number {
  return children.length === 0 ? 1 : children.reduce((count, child) => count + countChunks(child), 0);
}

function toGroups({ row_groups }: FileMetaData): readonly TableGroup[] {
  let row = 0;
  return row_groups.map((group) => {
    const rows = Number(group.num_rows);
    if (!(Number.isSafeInteger(rows) && rows >= 0)) throw new Error('a row group without a number of rows');
    row += rows;
    return { group, row: row - rows, rows };
  });
}

/** Checks that a column lies within the file, so that a damaged footer cannot cause a read outside of it. */
function checkPlace(group: RowGroup, { name, chunk }: TableColumn, size: number): void {
  if (chunk < 0) return;
  const column = group.columns[chunk];
  if (column?.crypto_metadata) throw encrypted();
  if (column?.file_path) {
    throw new JobError('InvalidInput', 'The Parquet file has no rows of its own: it only refers to other files');
  }
  const { start, end } = rangeOf(group, chunk);
  if (start >= magic.length && end >= start && end <= size) return;
  throw new JobError(
    'InvalidInput',
    `The footer of the Parquet file is damaged: the position of the column ${name} is not within the file`,
  );
}

/** The range of a column's pages in a row group, without the end; NaN if the footer does not say it. */
export function rangeOf({ columns }: RowGroup, chunk: number): { readonly start: number; readonly end: number } {
  const { data_page_offset, dictionary_page_offset, total_compressed_size } = columns[chunk]?.meta_data ?? {};
  // Some writers store 0 if there is no dictionary.
  const start = Number(dictionary_page_offset || data_page_offset);
  return { start, end: start + Number(total_compressed_size) };
}
