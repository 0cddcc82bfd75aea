import { type Accents, stripAccents } from './accents.ts';
import { separator } from './characters.ts';
import type { Hashing } from './hash.ts';
import { type NgramRange, writeCharNgrams, writeCharNgramsOfWords, writeWordNgrams } from './ngrams.ts';
import { createTermWriter, type TermWriter } from './terms.ts';
import { createTokenizer, type Tokenize } from './words.ts';

/** The options of a scikit-learn vectorizer: how it makes terms of a text. */
export interface AnalyzerOptions {
  readonly kind: 'word' | 'char' | 'char_wb';
  readonly lowercase: boolean;
  readonly accents: Accents | null;
  /** For words: the regular expression of a word, for the flags `gu`. */
  readonly pattern: string | null;
  readonly ngrams: NgramRange;
  /** Words that are removed before n-grams are built. */
  readonly stop_words: readonly string[] | null;
  readonly hash: Hashing | null;
}

/**
 * Returns the terms of a text in the order of scikit-learn's build_analyzer, as one string with U+001F between them.
 */
export type Analyze = (text: string) => string;

/**
 * Creates an analyzer. Prepares everything that does not depend on a text: regular expressions, and the set of stop
 * words.
 */
export function createAnalyzer(options: AnalyzerOptions): Analyze {
  const { lowercase, accents } = options;
  const join = createJoin(options);
  return (text) => {
    const lower = lowercase ? text.toLowerCase() : text;
    return join(accents === null ? lower : stripAccents(lower, accents));
  };
}

function createJoin(options: AnalyzerOptions): Analyze {
  const { kind, ngrams, hash } = options;
  if (kind !== 'word') {
    const write = kind === 'char' ? writeCharNgrams : writeCharNgramsOfWords;
    return (text) => collect(hash, (terms) => write(text, ngrams, terms));
  }
  const tokenize = createWords(options);
  // Words are their own terms.
  if (ngrams[1] === 1 && hash === null) return (text) => tokenize(text).join(separator);
  return (text) => collect(hash, (terms) => writeWordNgrams(tokenize(text), ngrams, terms));
}

function collect(hash: Hashing | null, write: (terms: TermWriter) => void): string {
  const terms = createTermWriter(hash);
  write(terms);
  return terms.take();
}

function createWords({ pattern, stop_words }: AnalyzerOptions): Tokenize {
  const tokenize = createTokenizer(pattern ?? '');
  if (stop_words === null) return tokenize;
  const stopped = new Set(stop_words);
  return (text) => tokenize(text).filter((word) => !stopped.has(word));
}
