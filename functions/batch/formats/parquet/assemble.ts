import type { RowGroup, SchemaElement } from 'hyparquet';
import type { Piece, Store, StoredRange } from '../../stores/store.ts';
import type { StoredPart, Writing } from '../format.ts';
import { findKept } from './columns.ts';
import { type Footer, readFooter } from './footer.ts';
import { encodeFooter, magicBytes } from './footer-bytes.ts';
import { textElement, toElement, toOutputColumns } from './output-columns.ts';

/** Returns the row groups of all parts, copied unchanged, and one footer with their new positions. */
export async function assemble(
  parts: readonly StoredPart[],
  writing: Writing,
  store: Store,
): Promise<readonly Piece[]> {
  const ranges: StoredRange[] = [];
  const groups: RowGroup[] = [];
  let columns: readonly SchemaElement[] | undefined;
  let offset = magicBytes.length;
  for (const { location, report } of parts) {
    if (report.rows === 0) continue;
    const source = await store.stat(location);
    const footer = await readFooter({ store, source });
    const range = { location, start: magicBytes.length, end: endOf(footer, source.size) };
    columns ??= footer.columns.map(({ element }) => toElement(element));
    ranges.push(range);
    groups.push(...footer.metadata.row_groups.map((group) => shift(group, BigInt(offset - range.start))));
    offset += range.end - range.start;
  }
  columns ??= toOutputColumns(writing, await toKeptElements(writing, store)).map(({ element }) => element);
  return [magicBytes, ...ranges, encodeFooter(columns, groups)];
}

/** The position after the last row group of a part. */
function endOf({ metadata }: Footer, size: number): number {
  return size - metadata.metadata_length - 2 * magicBytes.length;
}

function shift(group: RowGroup, by: bigint): RowGroup {
  const columns = group.columns.map((column) => {
    const { meta_data, file_offset } = column;
    if (!meta_data) return column;
    const { data_page_offset, dictionary_page_offset } = meta_data;
    const shifted = {
      ...meta_data,
      data_page_offset: data_page_offset + by,
      ...(dictionary_page_offset && { dictionary_page_offset: dictionary_page_offset + by }),
    };
    return { ...column, file_offset: file_offset + by, meta_data: shifted };
  });
  return { ...group, columns, file_offset: (group.file_offset ?? 0n) + by };
}

/** The types of the kept columns if no part has a row. Parts without rows do not know them. */
async function toKeptElements({ job, kept }: Writing, store: Store): Promise<readonly SchemaElement[]> {
  if (job.inputFormat.kind !== 'parquet') return kept.map(textElement);
  const { columns } = await readFooter({ store, source: job.source });
  return findKept(columns, kept).map(({ element }) => toElement(element));
}
