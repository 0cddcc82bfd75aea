import type { AnalyzerOptions } from './analyzer.ts';

/**
 * The most characters that all terms of a text may have together, counting a separator after each. This keeps the
 * memory for one run below some hundred megabytes. If more than two texts are run at once, the limit holds for all of
 * them together.
 */
export const mostTermCharacters = 8_000_000;

/** The length of a column number with its sign and a separator. */
const hashedLength = 12;

/** An upper bound for the characters of all terms of a text of this length. */
export function boundTerms(length: number, { kind, ngrams: [least, most], hash }: AnalyzerOptions): number {
  // A word has at least one character, with another between two words. For n-grams within words (char_wb), each word
  // gets a space at both ends.
  const parts = kind === 'word' ? Math.ceil(length / 2) : kind === 'char' ? length : 2 * length + 1;
  const width = kind === 'word' ? length + 1 : parts;
  // A word that is shorter than every size is a term, too.
  const sizes = Math.max(kind === 'char_wb' ? 1 : 0, Math.min(most, parts) - least + 1);
  const sum = ((2 * least + sizes - 1) * sizes) / 2;
  const written = kind === 'word' ? sum * width : (sum + sizes) * width;
  return hash === null ? written : Math.max(written, sizes * parts * hashedLength);
}

/** The length of the longest text whose terms stay within the limit. */
export function findLongest(analyzers: readonly AnalyzerOptions[]): number {
  const fits = (length: number) => analyzers.every((options) => boundTerms(length, options) <= mostTermCharacters);
  let [longest, tooLong] = [0, mostTermCharacters + 1];
  while (tooLong - longest > 1) {
    const middle = Math.floor((longest + tooLong) / 2);
    if (fits(middle)) longest = middle;
    else tooLong = middle;
  }
  return longest;
}
