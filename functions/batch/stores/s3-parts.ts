import type { Piece, StoredRange } from './store.ts';

/** A part of a multipart upload: copied within S3, or sent. */
export type Part = { readonly copy: StoredRange } | { readonly send: readonly Piece[] };

const mebibyte = 2 ** 20;
/** What S3 asks of every part but the last. */
const leastBytes = 5 * mebibyte;
/** A copy takes about a second, and others run beside it. */
const mostBytes = 128 * mebibyte;

export function sizeOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
}

export function totalSize(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
}

/**
 * Divides pieces into parts that S3 takes. Ranges are copied where they are long enough; what stands before a copy and is too
 * short for a part takes from the range what it lacks.
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
    // S3 copies a range of an object of more than 5 MiB only.
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

/** Moves so much of a long range to what is gathered that it is long enough for a part. Returns the rest. */
function fill(gathered: Piece[], range: StoredRange): StoredRange {
  const lacking = gathered.length > 0 ? Math.max(0, leastBytes - totalSize(gathered)) : 0;
  if (lacking === 0 || sizeOf(range) < lacking) return range;
  const end = range.start + lacking;
  gathered.push({ ...range, end });
  return { ...range, start: end };
}

/** Into copies of about the same size: none is too short. */
function divide({ location, start, end }: StoredRange): StoredRange[] {
  const count = Math.ceil((end - start) / mostBytes);
  const at = (index: number) => start + Math.floor(((end - start) * index) / count);
  return Array.from({ length: count }, (_, index) => ({ location, start: at(index), end: at(index + 1) }));
}
