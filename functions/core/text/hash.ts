/** Terms that are counted by a number of their hash: scikit-learn's FeatureHasher. */
export interface Hashing {
  readonly features: number;
  readonly signed: boolean;
}

const least = -(2 ** 31);

/** The column of a term, from 1 on, as a decimal text; with a minus where it counts as -1. */
export function toHashed(term: string, { features, signed }: Hashing): string {
  const hash = murmurhash3(term);
  // The least has no positive number of its kind, and scikit-learn does this.
  const column = hash === least ? (2 ** 31 - features) % features : Math.abs(hash) % features;
  return signed && hash < 0 ? String(-column - 1) : String(column + 1);
}

/** MurmurHash3 for x86, 32 bits, of the UTF-8 of a text and the seed 0, with a sign. */
export function murmurhash3(text: string): number {
  const length = writeUtf8(text);
  const whole = length & ~3;
  let hash = 0;
  for (let at = 0; at < whole; at += 4) {
    hash ^= scramble(readTail(at, 4));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  if (whole < length) hash ^= scramble(readTail(whole, length - whole));
  return finish(hash ^ length);
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

let bytes = new Uint8Array(1024);

/** Little-endian. */
function readTail(at: number, count: number): number {
  let block = 0;
  for (let index = count - 1; index >= 0; index -= 1) block = (block << 8) | (bytes[at + index] as number);
  return block;
}

const encoder = new TextEncoder();

/** Returns how many bytes there are. Most terms are short, and ASCII: a call of the encoder takes longer than they do. */
function writeUtf8(text: string): number {
  // Three bytes for each unit of UTF-16 at most.
  if (bytes.length < text.length * 3) bytes = new Uint8Array(text.length * 6);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return encoder.encodeInto(text, bytes).written;
    bytes[at] = unit;
  }
  return text.length;
}
