/** The options of scikit-learn's FeatureHasher, which counts each term in the column given by its hash. */
export interface Hashing {
  readonly features: number;
  readonly signed: boolean;
}

const least = -(2 ** 31);

/** The column of a term in UTF-8, from 1 on; negative if the term counts as -1. */
export function toColumn(bytes: Uint8Array, start: number, end: number, { features, signed }: Hashing): number {
  const hash = murmurhash3(bytes, start, end);
  // The smallest int32 has no positive counterpart. scikit-learn computes its column in this way.
  const column = hash === least ? (2 ** 31 - features) % features : Math.abs(hash) % features;
  return signed && hash < 0 ? -column - 1 : column + 1;
}

/** MurmurHash3 (x86, 32 bits) with seed 0, as a signed number. */
export function murmurhash3(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const whole = start + (length & ~3);
  let hash = 0;
  for (let at = start; at < whole; at += 4) {
    hash ^= scramble(readBlock(bytes, at, at + 4));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (whole < end) hash ^= scramble(readBlock(bytes, whole, end));
  return finish(hash ^ length);
}

/** Reads up to four bytes as a little-endian number. */
function readBlock(bytes: Uint8Array, start: number, end: number): number {
  let block = 0;
  for (let at = end - 1; at >= start; at -= 1) block = (block << 8) | (bytes[at] as number);
  return block;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
