import { isUtf8 } from 'node:buffer';
import { flawTexts, maxRecordBytes } from '../../../core/csv/grammar.ts';
import { createRecord, type ScannedRecord, scanRecord } from '../../../core/csv/record-scan.ts';
import { createRecordWriter, type Layout, type WriteRecord } from '../../../core/csv/row-reading.ts';
import { type Column, toColumns } from '../../../core/model/column.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import type { Reading, Run } from '../format.ts';
import { createRowProblems, notUtf8 } from '../row-problems.ts';
import { neverClosed, tooLong } from './broken.ts';
import type { KeptPosition } from './header.ts';
import { createKeptFields } from './kept.ts';

/** Rows that are read at once: of some features a few hundred kilobytes, which the cache of a processor holds. */
const maxRows = 4096;

/** A table while it is read. */
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

/** Bytes of a table, of which the first stands in row `row` of it. */
export interface Piece {
  readonly bytes: Buffer;
  /** Whether all of them are UTF-8: if not, or if they end within a character, each record is looked at. */
  readonly isUtf8: boolean;
  /** Whether a record may end with the bytes, as nothing follows. */
  readonly isLast: boolean;
  readonly row: number;
}

/**
 * Reads rows from a position on, until there are as many as a run has or no further whole one; returns where the next begins.
 * Throws InvalidInput for a record that has no end.
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
    else if (record.flaw) report(`expected a record of CSV, and ${flawTexts[record.flaw]}`);
    else write(bytes, record, good, feeds.writer, report);
    kept.add(rows, record);
    // The next row is written over one that does not fit.
    if (!problems.found.has(rows)) good += 1;
    at = end;
  }
  return { run: { rows, feeds: feeds.take(good), problems: problems.found, kept: kept.columns }, end: at };
}

/** No more rows than there can be: of wide ones a piece has few. */
function toRoom(bytes: number, { layout }: Table): number {
  return Math.min(maxRows, Math.ceil(bytes / layout.width) + 1);
}

/** Whether the record at hand is there to its end. */
function isWhole(end: number, rows: number, { bytes, isLast, row }: Piece, { record, location }: Table): boolean {
  const length = (end < 0 ? bytes.length : end) - record.start;
  if (length > maxRecordBytes) throw tooLong(location, row + rows);
  if (end < 0 && isLast) throw neverClosed(location, row + rows);
  return end >= 0 && record.fields > 0 && (isLast || end < bytes.length);
}
