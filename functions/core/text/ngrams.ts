import type { TermWriter } from './terms.ts';

/** The smallest and the largest number of tokens, or characters, in a term. */
export type NgramRange = readonly [number, number];

/** `str.isspace` of Python. */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]{2,}`, 'g');
const words = new RegExp(`[^${space}]+`, 'g');
const blank = 0x20;
const encoder = new TextEncoder();

/** Writes n-grams of tokens joined by spaces, like scikit-learn's _word_ngrams. */
export function writeWordNgrams(tokens: readonly string[], [least, most]: NgramRange, terms: TermWriter): void {
  const bytes = encoder.encode(tokens.join(' '));
  const starts = new Uint32Array(tokens.length + 1);
  for (const [index, token] of tokens.entries()) starts[index + 1] = (starts[index] as number) + countBytes(token) + 1;
  for (let size = least; size <= Math.min(most, tokens.length); size += 1) {
    const count = tokens.length - size + 1;
    terms.reserve(count, size * bytes.length);
    // A space follows each token. The one after a term's last token is left out.
    for (let at = 0; at < count; at += 1) {
      terms.write(bytes, starts[at] as number, (starts[at + size] as number) - 1);
    }
  }
}

/** Writes n-grams of characters, like scikit-learn's _char_ngrams. Repeated whitespace counts as one space. */
export function writeCharNgrams(text: string, [least, most]: NgramRange, terms: TermWriter): void {
  const bytes = encoder.encode(text.replace(spaces, ' '));
  const starts = findCharacters(bytes);
  const length = starts.length - 1;
  for (let size = least; size <= Math.min(most, length); size += 1) {
    const count = length - size + 1;
    terms.reserve(count, size * bytes.length);
    for (let at = 0; at < count; at += 1) terms.write(bytes, starts[at] as number, starts[at + size] as number);
  }
}

/**
 * Writes n-grams of characters within each word, which gets a space at both ends, like scikit-learn's _char_wb_ngrams.
 */
export function writeCharNgramsOfWords(text: string, range: NgramRange, terms: TermWriter): void {
  const bytes = encoder.encode(` ${(text.match(words) ?? []).join(' ')} `);
  const starts = findCharacters(bytes);
  for (let first = 0; first < starts.length - 2; ) {
    let last = first + 1;
    while (bytes[starts[last] as number] !== blank) last += 1;
    // An empty text is two spaces without a word between them.
    if (last > first + 1) writeWord(bytes, starts, first, last + 1, range, terms);
    // The space after a word is also the one before the next.
    first = last;
  }
}

function writeWord(
  bytes: Uint8Array,
  starts: Uint32Array,
  first: number,
  end: number,
  [least, most]: NgramRange,
  terms: TermWriter,
): void {
  const length = end - first;
  const width = (starts[end] as number) - (starts[first] as number);
  for (let size = least; size <= most; size += 1) {
    const count = Math.max(1, length - size + 1);
    terms.reserve(count, size * width);
    for (let at = first; at < first + count; at += 1) {
      terms.write(bytes, starts[at] as number, starts[Math.min(at + size, end)] as number);
    }
    // A word shorter than the size is one term, and no larger size adds another.
    if (size >= length) break;
  }
}

/** The positions where the characters (code points) of UTF-8 begin, and where the last one ends. */
function findCharacters(bytes: Uint8Array): Uint32Array {
  const starts = new Uint32Array(bytes.length + 1);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (((bytes[at] as number) & 0xc0) === 0x80) continue;
    starts[count] = at;
    count += 1;
  }
  starts[count] = bytes.length;
  return starts.subarray(0, count + 1);
}

/** The length in UTF-8 of a text without lone surrogates. */
function countBytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // The two units of a surrogate pair take four bytes together.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return bytes;
}
