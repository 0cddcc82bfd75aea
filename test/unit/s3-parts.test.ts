import { expect } from 'chai';
import fc from 'fast-check';
import { type Part, planParts, sizeOf, totalSize } from '../../functions/batch/stores/s3-parts.ts';
import type { Piece } from '../../functions/batch/stores/store.ts';

const mebibyte = 2 ** 20;

const lengths = fc.oneof(
  fc.constantFrom(0, 1, 5 * mebibyte - 1, 5 * mebibyte, 5 * mebibyte + 1, 10 * mebibyte, 300 * mebibyte),
  fc.integer({ min: 0, max: 12 * mebibyte }),
);
/** The bytes of a header, and ranges of objects whose bytes are not read. */
const pieces = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.array(lengths, { maxLength: 12 }))
  .map(([header, list]): Piece[] => [
    new Uint8Array(header),
    ...list.map((length, index) => ({ location: `part-${index}`, start: 0, end: length })),
  ]);

const piecesOf = (part: Part): readonly Piece[] => ('copy' in part ? [part.copy] : part.send);
const sizeOfPart = (part: Part) => totalSize(piecesOf(part));

/** Joins neighbouring ranges of the same object. */
function merge(all: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of all.filter((some) => sizeOf(some) > 0)) {
    const last = merged.at(-1);
    const touches =
      last && 'location' in last && 'location' in piece && last.location === piece.location && last.end === piece.start;
    if (touches) merged[merged.length - 1] = { ...last, end: piece.end };
    else merged.push(piece);
  }
  return merged;
}

describe('planParts', () => {
  it('keeps every byte once, in order', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        expect(merge(planParts(all).flatMap(piecesOf))).to.deep.equal(merge(all));
      }),
    );
  });

  it('makes parts of at least 5 MiB except the last, and copies only large ranges', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const parts = planParts(all);
        for (const part of parts.slice(0, -1)) expect(sizeOfPart(part)).to.be.at.least(5 * mebibyte);
        for (const part of parts) if ('copy' in part) expect(sizeOf(part.copy)).to.be.above(5 * mebibyte);
      }),
    );
  });

  it('sends less than 16 MiB in a part, and copies the rest', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        for (const part of planParts(all)) if ('send' in part) expect(sizeOfPart(part)).to.be.below(16 * mebibyte);
      }),
    );
  });
});
