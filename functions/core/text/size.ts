import type { AnalyzerOptions } from './analyzer.ts';

/**
 * Characters that the terms of a text may have together, with a separator behind each: what is computed of as many stays below
 * some hundred megabytes. Texts that are fed at once have no more together either, where they are more than two.
 */
export const mostTermCharacters = 8_000_000;

/** A number of a column, its sign and a separator. */
const hashedLength = 12;

/** Characters that the terms of a text of some length have together at most. */
export function boundTerms(length: number, { kind, ngrams: [least, most], hash }: AnalyzerOptions): number {
  // Words have at least one character and one between them; those of which the characters are taken get a space at both ends.
  const parts = kind === 'word' ? Math.ceil(length / 2) : kind === 'char' ? length : 2 * length + 1;
  const width = kind === 'word' ? length + 1 : parts;
  // A word that is shorter than all sizes is a term, too.
  const sizes = Math.max(kind === 'char_wb' ? 1 : 0, Math.min(most, parts) - least + 1);
  const sum = ((2 * least + sizes - 1) * sizes) / 2;
  const written = kind === 'word' ? sum * width : (sum + sizes) * width;
  return hash === null ? written : Math.max(written, sizes * parts * hashedLength);
}

/** The longest text whose terms are not too many. */
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
