import type { Slice } from '../../job/job.ts';
import { JobError } from '../../job/job-error.ts';

/** The longest row in bytes. A longer line is unlikely to be JSON Lines, and would have to be held in memory. */
export const maxRowBytes = 1024 * 1024;

const [lineFeed, carriageReturn, tab, space] = [0x0a, 0x0d, 0x09, 0x20];

/** Cuts an input into slices of whole lines. Blank lines do not count as rows. */
export interface LineCutter {
  /** Throws InvalidInput for a row that is too long. */
  take(block: Uint8Array): void;
  end(): readonly Slice[];
}

export function createLineCutter(start: number, sliceBytes: number): LineCutter {
  const slices: Slice[] = [];
  let [at, lineStart, sliceStart] = [start, start, start];
  let [rows, sliceRow] = [0, 0];
  let hasText = false;

  const endSlice = (end: number) => {
    if (rows > sliceRow) {
      slices.push({ part: slices.length, start: sliceStart, end, row: sliceRow, rows: rows - sliceRow });
    }
    [sliceStart, sliceRow] = [end, rows];
  };
  const endLine = (end: number) => {
    checkLength(end - lineStart, rows + 1);
    if (hasText) rows += 1;
    hasText = false;
    lineStart = end;
    if (end - sliceStart >= sliceBytes) endSlice(end);
  };

  return {
    take(block) {
      let from = 0;
      for (let end = block.indexOf(lineFeed); end >= 0; end = block.indexOf(lineFeed, from)) {
        hasText ||= isText(block, from, end);
        endLine(at + end + 1);
        from = end + 1;
      }
      hasText ||= isText(block, from, block.length);
      at += block.length;
      checkLength(at - lineStart, rows + 1);
    },
    end() {
      if (at > lineStart) endLine(at);
      endSlice(at);
      return slices;
    },
  };
}

function checkLength(bytes: number, row: number): void {
  if (bytes <= maxRowBytes + 2) return;
  throw new JobError(
    'InvalidInput',
    `Row ${row} is longer than ${maxRowBytes} bytes: expected JSON Lines, one row per line`,
  );
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== space && byte !== carriageReturn && byte !== tab) return true;
  }
  return false;
}

/**
 * Yields whole lines in batches of at least `batchBytes`. The batches do not depend on how the bytes arrive in blocks.
 */
export async function* toBatches(blocks: AsyncIterable<Uint8Array>, batchBytes: number): AsyncIterable<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const block of blocks) {
    pending = pending.length > 0 ? Buffer.concat([pending, block]) : toBuffer(block);
    let from = 0;
    while (pending.length - from >= batchBytes) {
      const end = pending.indexOf(lineFeed, from + batchBytes - 1) + 1;
      if (end === 0) break;
      yield pending.subarray(from, end);
      from = end;
    }
    pending = pending.subarray(from);
  }
  if (pending.length > 0) yield pending;
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
