import { type Accents, stripAccents } from './accents.ts';
import { separator } from './characters.ts';
import { type Hashing, toHashed } from './hash.ts';
import { type NgramRange, toCharNgrams, toCharNgramsOfWords, toWordNgrams } from './ngrams.ts';
import { createTokenizer } from './words.ts';

/** How a vectorizer of scikit-learn makes terms of a text. */
export interface AnalyzerOptions {
  readonly kind: 'word' | 'char' | 'char_wb';
  readonly lowercase: boolean;
  readonly accents: Accents | null;
  /** Of words: what is one, for the flags `gu`. */
  readonly pattern: string | null;
  readonly ngrams: NgramRange;
  /** Words that are left out before others are joined. */
  readonly stop_words: readonly string[] | null;
  readonly hash: Hashing | null;
}

/** The terms of a text in the order of scikit-learn's build_analyzer, as one string with U+001F between them. */
export type Analyze = (text: string) => string;

/** Whatever can be made before the first text is: expressions, and the set of stop words. */
export function createAnalyzer(options: AnalyzerOptions): Analyze {
  const { lowercase, accents, hash } = options;
  const toTerms = createSplitter(options);
  return (text) => {
    const lower = lowercase ? text.toLowerCase() : text;
    const terms = toTerms(accents === null ? lower : stripAccents(lower, accents));
    return (hash === null ? terms : terms.map((term) => toHashed(term, hash))).join(separator);
  };
}

function createSplitter({ kind, pattern, ngrams, stop_words }: AnalyzerOptions): (text: string) => readonly string[] {
  if (kind === 'char') return (text) => toCharNgrams(text, ngrams);
  if (kind === 'char_wb') return (text) => toCharNgramsOfWords(text, ngrams);
  const tokenize = createTokenizer(pattern ?? '');
  if (stop_words === null) return (text) => toWordNgrams(tokenize(text), ngrams);
  const stopped = new Set(stop_words);
  return (text) =>
    toWordNgrams(
      tokenize(text).filter((word) => !stopped.has(word)),
      ngrams,
    );
}
