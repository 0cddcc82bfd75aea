import { expect } from 'chai';
import { toPlace } from '../../functions/core/json/place.ts';

const causeOf = (json: string): unknown => {
  try {
    JSON.parse(json);
  } catch (cause) {
    return cause;
  }
  return expect.fail('it was parsed');
};

describe('toPlace', () => {
  const messages: [string, string][] = [
    ["Expected ',' or ']' after array element in JSON at position 3", ' from character 3 on'],
    ["Expected ',' or ']' after array element in JSON at position 15 (line 12 column 34)", ' from character 15 on'],
    ['Unexpected non-whitespace character after JSON at position 4 (line 1 column 5)', ' from character 4 on'],
    // A newer parser might quote more of the body than V8 does today.
    [`Unexpected token 'x', "[[x, in JSON at position 7" is not valid JSON`, ' from character 2 on'],
  ];
  for (const [message, place] of messages) {
    it(`says the place of the error ${message}`, () => {
      expect(toPlace('[[x, in JSON at position 7', new SyntaxError(message))).to.equal(place);
    });
  }

  it('takes a complete beginning for one that could go on', () => {
    expect(toPlace('1 x', new SyntaxError('Unexpected token'))).to.equal(' from character 2 on');
  });

  it('searches a text of up to 65536 characters', () => {
    const long = `[${'1,'.repeat(32_767)}`;
    const [longest, longer] = [`${long}x`, `${long} x`];
    expect(longest).to.have.length(65_536);
    expect(toPlace(longest, causeOf(longest))).to.equal(' from character 65535 on');
    expect(toPlace(longer, causeOf(longer))).to.equal('');
  });
});
