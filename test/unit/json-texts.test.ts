import { expect } from 'chai';
import fc from 'fast-check';
import { readTexts } from '../../functions/batch/formats/jsonl/texts.ts';

function textsOf(json: string): [string | number, string][] {
  const texts: [string | number, string][] = [];
  readTexts(json, (key, text) => texts.push([key, text]));
  return texts;
}

describe('readTexts', () => {
  it('passes on the texts of members unchanged', () => {
    const json = ' { "a" : 1.0 ,"b\\u0022":[1, {"x":"]}"}],"":12345678901234567890,"n":NaN, "s":"a\\"b,}" } ';
    expect(textsOf(json)).to.deep.equal([
      ['a', '1.0'],
      ['b"', '[1, {"x":"]}"}]'],
      ['', '12345678901234567890'],
      ['n', 'NaN'],
      ['s', '"a\\"b,}"'],
    ]);
  });

  it('passes on the elements of an array with their positions', () => {
    expect(textsOf('[1.50, "x" ,[ ],null]')).to.deep.equal([
      [0, '1.50'],
      [1, '"x"'],
      [2, '[ ]'],
      [3, 'null'],
    ]);
    expect(textsOf('[]')).to.deep.equal([]);
    expect(textsOf('{ }')).to.deep.equal([]);
  });

  it('reads any JSON like JSON.parse', () => {
    const document = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        // JSON.stringify writes -0 as 0, so the expected value takes the same round trip.
        const expected = JSON.parse(JSON.stringify(value));
        const texts = textsOf(JSON.stringify(value, null, indent));
        const read = texts.map(([key, text]) => [String(key), JSON.parse(text)]);
        expect(read).to.deep.equal(Object.entries(expected));
      }),
    );
  });
});
