import { isUtf8 } from 'node:buffer';
import { flawTexts, maxRecordBytes } from '../../../core/csv/grammar.ts';
import { createRecord, type ScannedRecord, scanRecord } from '../../../core/csv/record-scan.ts';
import { createRecordWriter, type Layout, type WriteRecord } from '../../../core/csv/row-reading.ts';
import { type Column, toColumns } from '../../../core/model/column.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import type { Reading, Run } from '../format.ts';
import { createRowProblems, notUtf8 } from '../row-problems.ts';
import { mostRunRows } from '../run-rows.ts';
import { neverClosed, tooLong } from './broken.ts';
import type { KeptPosition } from './header.ts';
import { createKeptFields } from './kept.ts';

/** What is needed to read the rows of a table. */
export interface Table {
  readonly location: string;
  readonly layout: Layout;
  readonly kept: readonly KeptPosition[];
  readonly reading: Reading;
  readonly columns: readonly Column[];
  readonly record: ScannedRecord;
  readonly write: WriteRecord;
}

export function createTable(location: string, layout: Layout, kept: readonly KeptPosition[], reading: Reading): Table {
  const columns = toColumns(reading.manifest);
  const write = createRecordWriter(layout, columns, true);
  return { location, layout, kept, reading, columns, record: createRecord(layout.width), write };
}

/** Bytes of a table. The first byte belongs to row number `row`. */
export interface Piece {
  readonly bytes: Buffer;
  /**
   * Whether all bytes are valid UTF-8. If not (for example because they end within a character), each record is
   * checked.
   */
  readonly isUtf8: boolean;
  /** Whether these are the table's last bytes, so that a record may end without a line break. */
  readonly isLast: boolean;
  readonly row: number;
}

/**
 * Reads rows from `from` on until the run is full or no complete row follows. Returns the position of the next row.
 * Throws InvalidInput for a record that does not end, or is too long.
 */
export function readRun(piece: Piece, from: number, table: Table): { readonly run: Run; readonly end: number } {
  const { bytes } = piece;
  const { record, write, reading } = table;
  const room = toRoom(bytes.length - from, table);
  const feeds = createFeeds(reading.manifest, room, reading.limits);
  const kept = createKeptFields(bytes, table.kept, room);
  const problems = createRowProblems();
  let rows = 0;
  let good = 0;
  let at = from;
  const report = (detail: string, key?: string | number) => {
    problems.add(rows, detail, typeof key === 'number' ? table.columns[key]?.name : key);
  };
  for (; rows < room; rows += 1) {
    const end = scanRecord(bytes, at, bytes.length, record);
    if (!isWhole(end, rows, piece, table)) {
      at = record.start;
      break;
    }
    if (!piece.isUtf8 && !isUtf8(bytes.subarray(record.start, end))) report(notUtf8);
    else if (record.flaw) report(`expected a record of CSV, but ${flawTexts[record.flaw]}`);
    else write(bytes, record, good, feeds.writer, report);
    kept.add(rows, record);
    // A row that does not fit is overwritten by the next one.
    if (!problems.found.has(rows)) good += 1;
    at = end;
  }
  return { run: { rows, feeds: feeds.take(good), problems: problems.found, kept: kept.columns }, end: at };
}

/** Limits the room to the number of rows that the bytes can hold: wide rows are few. */
function toRoom(bytes: number, { layout, reading }: Table): number {
  return Math.min(mostRunRows(reading.manifest), Math.ceil(bytes / layout.width) + 1);
}

/** Whether the current record is complete. Throws InvalidInput if it does not end, or is too long. */
function isWhole(end: number, rows: number, { bytes, isLast, row }: Piece, { record, location }: Table): boolean {
  const length = (end < 0 ? bytes.length : end) - record.start;
  if (length > maxRecordBytes) throw tooLong(location, row + rows);
  if (end < 0 && isLast) throw neverClosed(location, row + rows);
  return end >= 0 && record.fields > 0 && (isLast || end < bytes.length);
}
