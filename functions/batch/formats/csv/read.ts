import { isUtf8 } from 'node:buffer';
import type { Slice } from '../../job/job.ts';
import type { Input, Reading, Run } from '../format.ts';
import { findKept, readHeader, toLayout } from './header.ts';
import { createTable, type Piece, readRun, type Table } from './run.ts';

/** At least this many bytes are collected before rows are read from them: thousands of rows of a few features. */
const pieceBytes = 256 * 1024;

/** Reads the rows of a slice. Throws InvalidInput for a quote that is never closed, or a row that is too long. */
export async function* read(input: Input, slice: Slice, headerBytes: number, reading: Reading): AsyncIterable<Run> {
  const { store, source } = input;
  const header = await readHeader({ store, source: { ...source, size: headerBytes } }, reading);
  const layout = toLayout(header, reading.manifest.features);
  const table = createTable(source.location, layout, findKept(header, reading.keep), reading);
  const toPiece = (bytes: Buffer, isLast: boolean, row: number) => ({ bytes, isUtf8: isUtf8(bytes), isLast, row });
  let pending: Uint8Array[] = [];
  let [length, row] = [0, slice.row];
  for await (const block of store.read(source, slice.start, slice.end)) {
    pending.push(block);
    length += block.length;
    if (length < pieceBytes) continue;
    const rest = yield* readPiece(toPiece(Buffer.concat(pending), false, row), table);
    pending = [rest.bytes];
    length = 0;
    row = rest.row;
  }
  yield* readPiece(toPiece(Buffer.concat(pending), true, row), table);
}

/** Yields the complete rows of a piece. Returns the remaining bytes, and the number of the row that they begin. */
function* readPiece(piece: Piece, table: Table): Generator<Run, Pick<Piece, 'bytes' | 'row'>> {
  const { bytes } = piece;
  let { row } = piece;
  for (let at = 0; ; ) {
    const { run, end } = readRun({ ...piece, row }, at, table);
    if (run.rows > 0) yield run;
    row += run.rows;
    at = end;
    if (run.rows === 0) return { bytes: bytes.subarray(at), row };
  }
}
