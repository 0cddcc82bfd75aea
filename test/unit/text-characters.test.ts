import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { stripAccents } from '../../functions/core/text/accents.ts';
import { problemWithCharacters } from '../../functions/core/text/characters.ts';
import { changed } from '../../functions/core/text/unicode.ts';
import { createTokenizer } from '../../functions/core/text/words.ts';

const space = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
/** Finds Python's \w, \d and \s, and the characters of `str.isspace`, in this order. The last two are equal here. */
const kinds = ['[\\p{L}\\p{N}_]', '\\p{Nd}', space, space].map(createTokenizer);

interface Fixture {
  readonly block: number;
  readonly digests: readonly string[];
}

/** The properties of a code point in this Node.js. test/fixtures/unicode.py writes the same line with Python. */
function toLine(code: number): string {
  const c = String.fromCodePoint(code);
  const flags = kinds.map((find) => find(c).length).join('');
  const sigmas = changed.includes(code)
    ? []
    : [`${c}Σ`, `A${c}Σ`, `AΣ${c}`, `AΣ${c}A`].map((text) => text.toLowerCase());
  const stripped = [stripAccents(c, 'unicode'), stripAccents(c, 'ascii'), stripAccents(`é${c}a${c}\u0301`, 'unicode')];
  return `${code.toString(16)} ${flags} ${[c.toLowerCase(), ...sigmas, ...stripped].join(' ')}\n`;
}

/**
 * Whether the code point is compared: every one that a text may contain, and the separator of terms.
 */
function isTaken(code: number): boolean {
  if (code >= 0xd800 && code < 0xe000) return false;
  return code === 0x1f || problemWithCharacters(String.fromCodePoint(code)) === undefined;
}

describe('the characters of a text', () => {
  const { block, digests } = JSON.parse(readFileSync('test/fixtures/unicode.json', 'utf8')) as Fixture;

  it('have the same properties in Node.js and in Python, for all code points that a text may contain', () => {
    expect(block * digests.length).to.equal(0x110000);
    const others = digests.flatMap((expected, index) => {
      const codes = Array.from({ length: block }, (_, at) => index * block + at).filter(isTaken);
      const digest = createHash('sha256').update(codes.map(toLine).join('')).digest('hex').slice(0, 16);
      return digest === expected ? [] : [(index * block).toString(16)];
    });
    expect(others).to.deep.equal([]);
  });

  it('are refused with the position of the first one that versions of Unicode treat differently', () => {
    const refused = { 'a\u{1c89}': 1, '\u{a7cb}': 0, 'ab\u{10d50}': 2, '\u{378}': 0, '😀\u{11f04}': 2 };
    for (const [text, place] of Object.entries(refused)) {
      expect(problemWithCharacters(text), text)
        .to.include('characters of Unicode 13.0')
        .and.include(`character ${place};`);
    }
    // Newer symbols are treated alike by every version.
    for (const text of ['🫨', '🫩']) {
      expect(problemWithCharacters(text), text).to.equal(undefined);
    }
  });

  it('are refused if terms could not be separated', () => {
    expect(problemWithCharacters('a\u001fb')).to.include('U+001F').and.include('at character 1');
  });

  it('are refused beside a capital sigma if versions of Python convert the sigma to lower case differently', () => {
    for (const code of [0x295, 0x1734, 0x1171e]) {
      const c = String.fromCodePoint(code);
      expect(problemWithCharacters(`a${c}`)).to.equal(undefined);
      expect(problemWithCharacters(`Σ${c}`)).to.include('capital sigma');
    }
  });
});
