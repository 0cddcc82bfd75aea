import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/predict/errors.ts';
import { parseJson } from '../../functions/predict/json.ts';
import { defaultLimits } from '../../functions/predict/limits.ts';

function errorsOf(text: string, limits = defaultLimits): string[] {
  try {
    parseJson(text, limits);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}

const repeated = 'the name stands in its object more than once';

describe('parseJson', () => {
  it('takes no position from the body for one that the parser tells', () => {
    expect(() => parseJson('[1, at position 123456]', defaultLimits)).to.throw(/it is not$/);
    expect(() => parseJson('[1 2]', defaultLimits)).to.throw(/it is not from character 3 on$/);
  });

  it('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text, defaultLimits)).to.deep.equal(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('says whether a body is empty or no JSON', () => {
    for (const text of ['', ' \n', '\uFEFF']) {
      expect(() => parseJson(text, defaultLimits)).to.throw('Expected the body to be JSON, and it is empty');
    }
    for (const text of ['[1,]', '{a:1}', 'NaN', '[1] x', "['a']", '[01]', '\uFEFF\uFEFF[1]']) {
      expect(() => parseJson(text, defaultLimits)).to.throw('Expected the body to be JSON, and it is not');
    }
  });

  const duplicates: [string, string[]][] = [
    ['{"a":1,"a":2}', ['/a']],
    ['[0,{"a":{"b":1,"b":2,"b":3}}]', ['/1/a/b', '/1/a/b']],
    ['{"a":[{"x":1},{"x":1,"y":"x","x":1}]}', ['/a/1/x']],
    ['{"a\\"":1,"a\\"":2}', ['/a"']],
    ['{"a":1,"\\u0061":2}', ['/a']],
    ['{"__proto__":1,"__proto__":2}', ['/__proto__']],
    ['{"a/b":{"~":1,"~":2}}', ['/a~1b/~0']],
  ];
  for (const [text, pointers] of duplicates) {
    it(`finds the names that repeat in ${text}`, () => {
      expect(errorsOf(text)).to.deep.equal(pointers.map((pointer) => `${pointer}: ${repeated}`));
    });
  }

  it('takes what looks like a repeated name and is none', () => {
    const texts = [
      '[{"a":1},{"a":1}]',
      '{"a":"a","b":"a"}',
      '{"a":{"a":{"a":1}}}',
      '["a","a"]',
      '{"a":"\\",\\"a\\":1"}',
    ];
    for (const text of texts) expect(errorsOf(text)).to.deep.equal([]);
  });

  it('finds a repeated name wherever it is put into any document', () => {
    const holder = (value: unknown) => JSON.stringify({ before: value, twice: 'HERE', after: value });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(errorsOf(holder(value))).to.deep.equal([]);
        const text = JSON.stringify([value, { x: 'HERE' }]).replace(/"x":"HERE"(?!.*"x":"HERE")/, '"x":1,"x":2');
        expect(errorsOf(text)).to.deep.equal([`/1/x: ${repeated}`]);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the errors of long names short', () => {
    const name = '~'.repeat(9000);
    const text = `{"${name}":{"a":{"b":1${`,"${name}":1`.repeat(300)}}}}`;
    const errors = errorsOf(text);
    expect(errors).to.have.length(100);
    expect(errors.join().length).to.be.below(200_000);
    expect(errorsOf('{"x":{"y":[0,{"a":1,"a":1}]}}')).to.deep.equal([`/x/y/1/a: ${repeated}`]);
  });

  it('names the limit of names in an object', () => {
    const limits = { ...defaultLimits, columns: 2 };
    expect(errorsOf('[{"a":1,"b":2},{"c":1,"d":2}]', limits)).to.deep.equal([]);
    expect(() => parseJson('{"a":1,"b":2,"c":3}', limits)).to.throw(
      'Expected objects of at most 2 names, and one has more',
    );
  });

  it('names the limits of depth and of length', () => {
    const limits = { ...defaultLimits, depth: 3, stringLength: 5 };
    expect(errorsOf('[[["12345"]]]', limits)).to.deep.equal([]);
    for (const text of ['[[[[1]]]]', '{"a":[{"b":[]}]}']) {
      expect(() => parseJson(text, limits)).to.throw('Expected a document of at most 3 levels, and it has more');
    }
    expect(errorsOf('[["123456"],{"1234567":0}]', limits)).to.deep.equal([
      '/0/0: expected at most 5 characters, got 6',
      '/1/: expected at most 5 characters, got 7',
    ]);
  });
});
