import type { Piece, StoredRange } from './store.ts';

/** A part of a multipart upload: copied within S3, or sent. */
export type Part = { readonly copy: StoredRange } | { readonly send: readonly Piece[] };

const mebibyte = 2 ** 20;
/** The least size that S3 accepts for every part but the last. */
const leastBytes = 5 * mebibyte;
/** The largest copied part. Copying this much takes about a second, and several copies run in parallel. */
const mostBytes = 128 * mebibyte;

export function sizeOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
}

export function totalSize(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
}

/**
 * Divides pieces into parts that S3 accepts. Ranges are copied within S3 if they are long enough. If the bytes before a
 * range are too few for a part, they are filled up with bytes from the beginning of the range.
 */
export function planParts(pieces: readonly Piece[]): Part[] {
  const parts: Part[] = [];
  let gathered: Piece[] = [];
  const flush = () => {
    if (gathered.length > 0) parts.push({ send: gathered });
    gathered = [];
  };
  for (const piece of pieces.filter((some) => sizeOf(some) > 0)) {
    const rest = piece instanceof Uint8Array ? piece : fill(gathered, piece);
    // S3 copies ranges only of objects larger than 5 MiB.
    if (!(rest instanceof Uint8Array) && sizeOf(rest) > leastBytes) {
      flush();
      parts.push(...divide(rest).map((copy) => ({ copy })));
    } else if (sizeOf(rest) > 0) {
      gathered.push(rest);
    }
    if (totalSize(gathered) >= leastBytes) flush();
  }
  flush();
  return parts;
}

/**
 * Moves enough bytes from the start of a range to `gathered` to make it a valid part. Returns the rest of the range.
 */
function fill(gathered: Piece[], range: StoredRange): StoredRange {
  const lacking = gathered.length > 0 ? Math.max(0, leastBytes - totalSize(gathered)) : 0;
  if (lacking === 0 || sizeOf(range) < lacking) return range;
  const end = range.start + lacking;
  gathered.push({ ...range, end });
  return { ...range, start: end };
}

/** Divides a range into copies of about the same size, so that none is too short. */
function divide({ location, start, end }: StoredRange): StoredRange[] {
  const count = Math.ceil((end - start) / mostBytes);
  const at = (index: number) => start + Math.floor(((end - start) * index) / count);
  return Array.from({ length: count }, (_, index) => ({ location, start: at(index), end: at(index + 1) }));
}
