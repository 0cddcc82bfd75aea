import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { stripAccents } from '../../functions/core/text/accents.ts';
import { type AnalyzerOptions, createAnalyzer } from '../../functions/core/text/analyzer.ts';
import { problemWithCharacters, separator } from '../../functions/core/text/characters.ts';
import { murmurhash3, toColumn } from '../../functions/core/text/hash.ts';
import { boundTerms, findLongest, mostTermCharacters } from '../../functions/core/text/size.ts';

interface Golden {
  readonly analyzers: readonly AnalyzerOptions[];
  /** The index of the analyzer, a text, and its terms. */
  readonly cases: readonly (readonly [number, string, readonly string[]])[];
}

const word = '[\\p{L}\\p{N}_]';
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
/** scikit-learn's default token_pattern, as the export writes it for JavaScript. */
const usual = `${boundary}${word}${word}+${boundary}`;
const plain: AnalyzerOptions = {
  kind: 'word',
  lowercase: false,
  accents: null,
  pattern: `${word}+`,
  ngrams: [1, 1],
  stop_words: null,
  hash: null,
};
const ofCharacters = { ...plain, pattern: null };

const termsOf = (options: AnalyzerOptions, text: string) => {
  const joined = createAnalyzer(options)(text);
  return joined === '' ? [] : joined.split(separator);
};

/** The characters of Python's `str.isspace`. */
const space = ['\\t-\\r', '\\x1c-\\x20', '\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'];
const spaces = new RegExp(`[${space.join('')}]+`, 'g');

/** All sequences of neighbouring parts, for each size. */
function windows(parts: readonly string[], [least, most]: readonly [number, number], between: string): string[] {
  const sizes = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return sizes.flatMap((size) => {
    const count = Math.max(0, parts.length - size + 1);
    return Array.from({ length: count }, (_, at) => parts.slice(at, at + size).join(between));
  });
}

/** A character that an analysis treats specially, or any other. */
const character = fc.oneof(
  fc.constantFrom(...' \t\n\u00a0\u2003\u0085'),
  fc.constantFrom(..."aB9_é\u0301ßİΣσ\u0345'.-ǅﬁ中가"),
  fc.constantFrom('😀', '𝒜', '𐐀', '\u{1e94b}'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const texts = fc
  .array(character, { maxLength: 40 })
  .map((characters) => characters.join(''))
  .filter((text) => problemWithCharacters(text) === undefined);
const ranges = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }))
  .map(([least, more]): [number, number] => [least, least + more]);

describe('the terms of a text', () => {
  const { analyzers, cases } = JSON.parse(readFileSync('test/fixtures/texts/analysis.json', 'utf8')) as Golden;

  it('are those of scikit-learn', () => {
    const analyses = analyzers.map(createAnalyzer);
    expect(cases).to.have.length.above(3000);
    for (const [place, text, terms] of cases) {
      expect(analyses[place]?.(text), `${JSON.stringify(text)} by analyzer ${place}`).to.equal(terms.join(separator));
    }
  });

  it('can be made of every text of the fixture', () => {
    expect(cases.flatMap(([, text]) => problemWithCharacters(text) ?? [])).to.deep.equal([]);
  });

  it('are sequences of characters', () => {
    fc.assert(
      fc.property(texts, ranges, (text, ngrams) => {
        const characters = [...text.replace(spaces, (found) => (found.length > 1 ? ' ' : found))];
        expect(termsOf({ ...ofCharacters, kind: 'char', ngrams }, text)).to.deep.equal(windows(characters, ngrams, ''));
      }),
    );
  });

  it('are sequences of characters within words, with a space at both ends', () => {
    fc.assert(
      fc.property(texts, ranges, (text, ngrams) => {
        const words = text.split(spaces).filter(Boolean);
        const expected = words.flatMap((found) => {
          const padded = [' ', ...found, ' '];
          // A word that is shorter than all sizes is a term itself. Sizes beyond the length of a word are left out.
          const isShort = padded.length < ngrams[0];
          const once = padded.length <= ngrams[1] ? ([ngrams[0], padded.length] as const) : ngrams;
          return isShort ? [padded.join('')] : windows(padded, once, '');
        });
        expect(termsOf({ ...ofCharacters, kind: 'char_wb', ngrams }, text)).to.deep.equal(expected);
      }),
    );
  });

  it('are sequences of words, without stop words', () => {
    fc.assert(
      fc.property(texts, ranges, (text, ngrams) => {
        const words = (text.match(/[\p{L}\p{N}_]+/gu) ?? []).filter((found) => found !== 'a');
        const terms = termsOf({ ...plain, ngrams, stop_words: ['a'] }, text);
        expect(terms).to.deep.equal(windows(words, ngrams, ' '));
      }),
    );
  });

  it('are the same by the default token_pattern and by the shorter pattern that replaces it', () => {
    const expression = new RegExp(usual, 'gu');
    fc.assert(
      fc.property(texts, (text) => {
        expect(termsOf({ ...plain, pattern: usual }, text)).to.deep.equal(text.match(expression) ?? []);
      }),
    );
  });

  it('are together never longer than the bound', () => {
    const kinds = fc.constantFrom<AnalyzerOptions['kind']>('word', 'char', 'char_wb');
    const hashes = fc.constantFrom(null, { features: 2 ** 20, signed: true });
    fc.assert(
      fc.property(texts, ranges, kinds, hashes, (text, ngrams, kind, hash) => {
        const options = { ...plain, kind, ngrams, hash, pattern: kind === 'word' ? '[^ ]+' : null };
        expect(createAnalyzer(options)(text).length).to.be.at.most(boundTerms(text.length, options));
      }),
      { numRuns: 1000 },
    );
  });

  it('come close to the bound in the text with the most terms', () => {
    // A bound that is far too high would refuse texts that the service has the memory for.
    const manyWords = 'a '.repeat(500);
    const oneWord = 'a'.repeat(1000);
    const hash = { features: 2 ** 31 - 1, signed: true };
    for (const [options, text, share] of [
      [plain, manyWords, 0.9],
      [{ ...plain, ngrams: [1, 3] }, manyWords, 0.9],
      [{ ...ofCharacters, kind: 'char', ngrams: [3, 5] }, oneWord, 0.9],
      [{ ...ofCharacters, kind: 'char_wb', ngrams: [3, 5] }, oneWord, 0.4],
      [{ ...plain, hash }, manyWords, 0.9],
      [{ ...ofCharacters, kind: 'char', ngrams: [1, 3], hash }, oneWord, 0.9],
    ] as const) {
      const length = createAnalyzer(options)(text).length;
      expect(length / boundTerms(text.length, options), JSON.stringify(options)).to.be.above(share);
    }
  });

  it('lose combining characters before normalization, which would need quadratic time to sort them', () => {
    const marks = '\u0301\u0316\u0f73\u0f75'.repeat(1000);
    const { normalize } = String.prototype;
    const given: string[] = [];
    String.prototype.normalize = function (this: string, form?: string) {
      given.push(String(this));
      return normalize.call(this, form);
    };
    try {
      for (const accents of ['ascii', 'unicode'] as const) expect(stripAccents(`a${marks}b`, accents)).to.equal('ab');
    } finally {
      String.prototype.normalize = normalize;
    }
    expect(given).to.deep.equal(['ab', 'ab']);
  });

  it('survive every growth of the buffer that collects them', () => {
    const words = Array.from({ length: 400 }, (_, index) => `word${index}é`);
    const padded = words.map((found) => [' ', ...found, ' ']);
    const text = words.join(' ');
    expect(termsOf({ ...plain, ngrams: [1, 3] }, text)).to.deep.equal(windows(words, [1, 3], ' '));
    const ngrams = [2, 3] as const;
    const ofWords = { ...ofCharacters, kind: 'char_wb', ngrams } as const;
    expect(termsOf(ofWords, text)).to.deep.equal(padded.flatMap((found) => windows(found, ngrams, '')));
    const hashed = termsOf({ ...ofWords, hash: { features: 2 ** 20, signed: true } }, text);
    expect(hashed).to.have.length(termsOf(ofWords, text).length);
    const ofFirst = termsOf({ ...ofWords, hash: { features: 2 ** 20, signed: true } }, words[0] as string);
    expect(hashed.slice(0, ofFirst.length)).to.deep.equal(ofFirst);
  });

  it('have an empty term for a match in which the group of the pattern did not match', () => {
    expect(termsOf({ ...plain, pattern: '(a)|b' }, 'ba')).to.deep.equal(['', 'a']);
  });

  it('keep a byte order mark like any other character', () => {
    expect(termsOf({ ...ofCharacters, kind: 'char' }, '\ufeffa')).to.deep.equal(['\ufeff', 'a']);
  });

  it('lose the same accents whether combining characters are removed only after the decomposition or also before it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const decomposed = [...text.normalize('NFKD')];
        expect(stripAccents(text, 'ascii')).to.equal(decomposed.filter((c) => c <= '\x7f').join(''));
        expect(stripAccents(text, 'unicode')).to.equal(decomposed.map((c) => stripAccents(c, 'unicode')).join(''));
      }),
    );
  });
});

describe('the length of a text', () => {
  it('is limited by the memory of its terms', () => {
    for (const kind of ['word', 'char', 'char_wb'] as const) {
      for (const ngrams of [
        [1, 1],
        [3, 5],
        [2, 1000],
      ] as const) {
        const longest = findLongest([{ ...plain, kind, ngrams }]);
        expect(boundTerms(longest, { ...plain, kind, ngrams })).to.be.at.most(mostTermCharacters);
        expect(boundTerms(longest + 1, { ...plain, kind, ngrams })).to.be.above(mostTermCharacters);
      }
    }
    expect(findLongest([{ ...ofCharacters, kind: 'char_wb', ngrams: [3, 5] }])).to.be.above(100_000);
  });

  it('is limited by the analyzer whose terms take the most memory', () => {
    const [few, many] = [plain, { ...ofCharacters, kind: 'char', ngrams: [1, 9] }] as const;
    expect(findLongest([few, many]))
      .to.equal(findLongest([many]))
      .and.be.below(findLongest([few]));
  });
});

describe('the hash of a term', () => {
  const hash = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return murmurhash3(bytes, 0, bytes.length);
  };

  it('is that of scikit-learn', () => {
    // sklearn.utils.murmurhash.murmurhash3_bytes_s32(text.encode(), 0)
    const known = {
      '': 0,
      a: 1009084850,
      ab: -1681926305,
      abc: -1277324294,
      abcd: 1139631978,
      foo: -156908512,
      'hello world': 1586663183,
      é: 269551495,
      日本語: -1515949417,
      '😀 a': -90264093,
      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: -1005983109,
    };
    for (const [text, expected] of Object.entries(known)) expect(hash(text), text).to.equal(expected);
  });

  it('gives a column and its sign', () => {
    const bytes = new TextEncoder().encode('foo');
    expect(toColumn(bytes, 0, 3, { features: 10, signed: true })).to.equal(-(Math.abs(hash('foo')) % 10) - 1);
    // The hash of an empty term is 0.
    expect(toColumn(bytes, 0, 0, { features: 10, signed: true })).to.equal(1);
    expect(toColumn(bytes, 0, 3, { features: 10, signed: false })).to.equal((Math.abs(hash('foo')) % 10) + 1);
  });

  it('gives the column of scikit-learn for the smallest hash, which has no positive counterpart', () => {
    const bytes = Uint8Array.of(85, 7, 111, 131);
    expect(murmurhash3(bytes, 0, 4)).to.equal(-(2 ** 31));
    // Columns of FeatureHasher(features, input_type='string').transform([[bytes([85, 7, 111, 131])]]), which count from
    // 0.
    for (const [features, column] of [
      [10, 8],
      [7, 2],
      [2 ** 20, 0],
    ] as const) {
      expect(toColumn(bytes, 0, 4, { features, signed: true })).to.equal(-column - 1);
      expect(toColumn(bytes, 0, 4, { features, signed: false })).to.equal(column + 1);
    }
  });
});
