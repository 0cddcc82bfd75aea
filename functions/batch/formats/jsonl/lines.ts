import type { Slice } from '../../job.ts';
import { JobError } from '../../job-error.ts';

/** Bytes of a row at most: what is longer is no JSON Lines, and must not be held. */
export const maxRowBytes = 1024 * 1024;

const [lineFeed, carriageReturn, tab, space] = [0x0a, 0x0d, 0x09, 0x20];

/** Cuts lines into slices of about some bytes. Blank lines are no rows. */
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
    `Row ${row} is longer than ${maxRowBytes} bytes: expected JSON Lines, a row a line`,
  );
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== space && byte !== carriageReturn && byte !== tab) return true;
  }
  return false;
}

/** Whole lines of about `batchBytes`: where they end does not depend on how the bytes came. */
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
