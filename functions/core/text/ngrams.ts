/** The least and the most tokens, or characters, of a term. */
export type NgramRange = readonly [number, number];

/** `str.isspace` of Python. */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]{2,}`, 'g');
const words = new RegExp(`[^${space}]+`, 'g');
const surrogates = /[\ud800-\udfff]/;

/** Tokens that follow each other, with a space between them: scikit-learn's _word_ngrams. */
export function toWordNgrams(tokens: readonly string[], [least, most]: NgramRange): readonly string[] {
  if (most === 1) return tokens;
  const terms = least === 1 ? [...tokens] : [];
  for (let size = Math.max(least, 2); size <= Math.min(most, tokens.length); size += 1) {
    for (let at = 0; at + size <= tokens.length; at += 1) terms.push(tokens.slice(at, at + size).join(' '));
  }
  return terms;
}

/** Characters that follow each other: scikit-learn's _char_ngrams. Several spaces are one. */
export function toCharNgrams(text: string, [least, most]: NgramRange): readonly string[] {
  const terms: string[] = [];
  const cut = createCut(text.replace(spaces, ' '));
  for (let size = least; size <= Math.min(most, cut.length); size += 1) {
    for (let at = 0; at + size <= cut.length; at += 1) terms.push(cut.slice(at, at + size));
  }
  return terms;
}

/** The same within each word, which has a space at both ends: scikit-learn's _char_wb_ngrams. */
export function toCharNgramsOfWords(text: string, [least, most]: NgramRange): readonly string[] {
  const terms: string[] = [];
  for (const word of text.match(words) ?? []) {
    const cut = createCut(` ${word} `);
    for (let size = least; size <= most; size += 1) {
      terms.push(cut.slice(0, size));
      for (let at = 1; at + size <= cut.length; at += 1) terms.push(cut.slice(at, at + size));
      // A short word is one term, whatever the sizes.
      if (size >= cut.length) break;
    }
  }
  return terms;
}

/** A text by its characters, which are code points. */
interface Cut {
  readonly length: number;
  slice(start: number, end: number): string;
}

function createCut(text: string): Cut {
  if (!surrogates.test(text)) return text;
  const starts = [0];
  for (const character of text) starts.push((starts.at(-1) as number) + character.length);
  const { length } = starts;
  return { length: length - 1, slice: (start, end) => text.slice(starts[start], starts[Math.min(end, length - 1)]) };
}
