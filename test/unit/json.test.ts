import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/core/errors.ts';
import { parseJson } from '../../functions/core/json/json.ts';
import { defaultLimits } from '../../functions/core/limits.ts';

function errorsOf(text: string, limits = defaultLimits): string[] {
  try {
    parseJson(text, limits);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // An exceeded limit of the whole document has no place.
    if (error.errors.length === 0) return [error.message];
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}

/** The error with which a text is refused. */
function refusalOf(text: string, advice?: string): RequestError {
  try {
    parseJson(text, defaultLimits, advice);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  return expect.fail('it was read');
}

const repeated = 'the name occurs more than once in its object';

describe('parseJson', () => {
  it("does not mistake text of the body for a position in the parser's message", () => {
    expect(() => parseJson('[1, at position 123456]', defaultLimits)).to.throw(/it is invalid from character 4 on$/);
    expect(() => parseJson('[1 2]', defaultLimits)).to.throw(/it is invalid from character 3 on$/);
    expect(() => parseJson('[1] 2', defaultLimits)).to.throw(/it is invalid from character 4 on$/);
  });

  const wrong: [string, number][] = [
    ['[1,2,]', 5],
    ['[1,None]', 3],
    ['[nan,1]', 2],
    ['[NaN, oops]', 6],
    ['[Infinity,.5]', 10],
    ["{'a':1}", 1],
    ['{"a":1,}', 7],
    ['{"a":tru}', 8],
    ['[1,2', 4],
    ['["a\\u00', 7],
    ['[1.]', 3],
    ['[1,"\n"]', 4],
    [`[${'1,'.repeat(30_000)}x]`, 60_001],
  ];
  for (const [text, position] of wrong) {
    it(`gives the position from which ${text.slice(0, 20)} is invalid`, () => {
      const end = new RegExp(`it is invalid from character ${position} on$`);
      expect(() => parseJson(text, defaultLimits)).to.throw(end);
    });
  }

  it('gives no position in a long text', () => {
    expect(() => parseJson(`[${'1,'.repeat(40_000)}x]`, defaultLimits)).to.throw(/it is invalid$/);
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

  it('distinguishes an empty body from invalid JSON', () => {
    for (const text of ['', ' \n', '\uFEFF']) {
      expect(() => parseJson(text, defaultLimits)).to.throw('Expected the body to be JSON, but it is empty');
    }
    for (const text of ['[1,]', '{a:1}', 'NaN', '[1] x', "['a']", '[01]', '\uFEFF\uFEFF[1]']) {
      expect(() => parseJson(text, defaultLimits)).to.throw('Expected the body to be JSON, but it is invalid');
    }
  });

  it('reads JSON after a byte order mark', () => {
    expect(parseJson('\uFEFF[1]', defaultLimits)).to.deep.equal([1]);
  });

  it("keeps the parser's error as the cause of the refusal", () => {
    for (const text of ['[1,]', '[NaN,]']) {
      expect(refusalOf(text)).to.include({ name: 'MalformedBody' }).with.property('cause').instanceOf(SyntaxError);
    }
  });

  it('gives the advice only if the body does not begin like JSON', () => {
    const detailOf = (text: string) => refusalOf(text, '; ADVICE').message;
    for (const text of ['a,b\n1,2', 'a[1]', '1,2,"x"', '  a']) expect(detailOf(text), text).to.match(/; ADVICE$/);
    for (const text of ['{a:1}', '[1,]', '"x', ' \n\t[1,]', '', ' ']) {
      expect(detailOf(text), text).not.to.contain('ADVICE');
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

  it('accepts what only looks like a repeated name', () => {
    const texts = [
      '[{"a":1},{"a":1}]',
      '{"a":"a","b":"a"}',
      '{"a":{"a":{"a":1}}}',
      '["a","a"]',
      '{"a":"\\",\\"a\\":1"}',
    ];
    for (const text of texts) expect(errorsOf(text)).to.deep.equal([]);
  });

  it('finds a repeated name after any other content, and finds none in a document without one', () => {
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

  it('reports a name beyond the limit of length as repeated only if it really repeats', () => {
    const limits = { ...defaultLimits, stringLength: 2 };
    const long = '/: expected at most 2 characters, got 3';
    expect(errorsOf('{"aaa":1,"bbb":2}', limits)).to.deep.equal([long, long]);
    expect(errorsOf('{"":1,"aaa":2}', limits)).to.deep.equal([long]);
    expect(errorsOf('{"aaa":1,"aaa":2}', limits)).to.deep.equal([long, `/: ${repeated}`, long]);
  });

  it('counts the names beyond the limit of length too', () => {
    const limits = { ...defaultLimits, columns: 2, stringLength: 2 };
    expect(() => parseJson('{"aaa":1,"bbb":2,"ccc":3}', limits)).to.throw('Expected at most 2 names in an object');
  });

  it('names the limit of names in an object', () => {
    const limits = { ...defaultLimits, columns: 2 };
    expect(errorsOf('[{"a":1,"b":2},{"c":1,"d":2}]', limits)).to.deep.equal([]);
    expect(() => parseJson('{"a":1,"b":2,"c":3}', limits)).to.throw('Expected at most 2 names in an object, got more');
  });

  it('refuses too many arrays and objects before it parses them', () => {
    const of = (piece: string, count: number) => `[${Array(count).fill(piece).join()}]`;
    for (const piece of ['[]', '{}', '[[1]]', '{"a":1}', '{"a[":[]}']) {
      const each = piece.replace(/"[^"]*"/g, '').match(/[[{]/g)?.length ?? 0;
      expect(() => parseJson(of(piece, 500_000 / each), defaultLimits)).to.throw(
        'Expected a document of at most 500000 arrays and objects, got more',
      );
    }
    // The largest allowed number, and brackets in strings, which do not count.
    expect(parseJson(of('[]', 499_999), defaultLimits)).to.have.length(499_999);
    expect(parseJson(of('"[{[{"', 600_000), defaultLimits)).to.have.length(600_000);
    expect(parseJson(of('[1]', 100_000), defaultLimits)).to.have.length(100_000);
  });

  it('refuses a deep document before it parses it, because that would take too much memory', () => {
    const bodies = ['[', '{"a":', '[1,[', '[{"a":'].map((open) => open.repeat(3_000_000 / open.length));
    // Deep texts that are cut off must be refused as cheaply as complete ones.
    for (const body of [...bodies, `${'['.repeat(3_000_000)}${']'.repeat(3_000_000)}`]) {
      const before = process.memoryUsage();
      expect(() => parseJson(body, defaultLimits)).to.throw('at most 16 levels, but the limit is passed at character');
      const after = process.memoryUsage();
      expect(after.rss - before.rss + after.heapUsed - before.heapUsed).to.be.below(50 * 1024 * 1024);
    }
  });

  it('refuses a document that is cut off because of its depth, if it has very many arrays', () => {
    expect(refusalOf('['.repeat(70_000)))
      .to.include({ name: 'InvalidInput' })
      .with.property('message', 'Expected a document of at most 16 levels, but the limit is passed at character 16');
  });

  it('accepts long documents, and strings with many brackets', () => {
    const brackets = '[{'.repeat(4000);
    const wide = Array.from({ length: 20 }, () => ({ [brackets]: [brackets, [[]], {}] }));
    expect(parseJson(JSON.stringify(wide), defaultLimits)).to.deep.equal(wide);
  });

  describe('NaN and Infinity, which Python writes although JSON lacks them', () => {
    const documents: [string, unknown][] = [
      ['[NaN]', [Number.NaN]],
      ['{"a":NaN,"b":{"c":[1,NaN , 2,{"d":NaN}]}}', { a: Number.NaN, b: { c: [1, Number.NaN, 2, { d: Number.NaN }] } }],
      ['[Infinity,-Infinity, 1]', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]],
      ['["NaN",NaN,"\\"NaN","Infinity"]', ['NaN', Number.NaN, '"NaN', 'Infinity']],
      ['{"NaN":NaN}', { NaN: Number.NaN }],
      ['{"2":1,"1":NaN}', { '1': Number.NaN, '2': 1 }],
      ['{"\\u0061":NaN}', { a: Number.NaN }],
      ['[[],{},NaN]', [[], {}, Number.NaN]],
    ];
    for (const [text, document] of documents) {
      it(`are read in ${text}`, () => {
        expect(parseJson(text, defaultLimits)).to.deep.equal(document);
      });
    }

    it('are read at any place', () => {
      // A string marks the places of NaN.
      const holders = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify([value, { x: '?' }, '?', value]));
      fc.assert(
        fc.property(holders, (text) => {
          const mark = (_: string, value: unknown) => (value === '?' ? Number.NaN : value);
          expect(parseJson(text.replace(/(?<!\\)"\?"(?!:)/g, 'NaN'), defaultLimits)).to.deep.equal(
            JSON.parse(text, mark),
          );
        }),
        // Here a string ends like the mark, and must stay unchanged.
        { numRuns: 1000, examples: [[JSON.stringify(['"?'])]] },
      );
    });

    it('are refused with their position if they are misspelt or misplaced', () => {
      const wrong: [string, number][] = [
        ['[5NaN]', 3],
        ['[NaN5]', 4],
        ['[-NaN]', 2],
        ['[nan]', 2],
        ['[NaN,]', 5],
        ['{NaN:1}', 2],
        ['[NaN NaN]', 6],
        ['[1Infinity]', 3],
        ['[Infinit]', 1],
        ['[NaN,"x]', 8],
        ['[+Infinity]', 1],
      ];
      for (const [text, at] of wrong) {
        expect(() => parseJson(text, defaultLimits), text).to.throw(RegExp(`it is invalid from character ${at} on$`));
      }
    });

    it('do not hide repeated names, and do not change Object.prototype', () => {
      const texts = [
        '{"a":NaN,"a":1}',
        '{"a":{"x":NaN},"a":5}',
        '{"a":{"x":NaN},"a":null}',
        '{"a":[NaN],"a":"text"}',
        '{"a":{"__proto__":{"polluted":NaN}},"a":{}}',
        '{"a":{"constructor":{"polluted":NaN}},"a":{}}',
      ];
      for (const text of texts) expect(errorsOf(text), text).to.deep.equal([`/a: ${repeated}`]);
      expect({}).not.to.have.property('polluted');
      expect(Object).not.to.have.property('polluted');
      const own = parseJson('{"__proto__":{"x":NaN}}', defaultLimits) as object;
      expect(Object.getPrototypeOf(own)).to.equal(Object.prototype);
      expect(Object.keys(own)).to.deep.equal(['__proto__']);
    });
  });

  it('names the limits of depth and of length', () => {
    const limits = { ...defaultLimits, depth: 3, stringLength: 5 };
    expect(errorsOf('[[["12345"]]]', limits)).to.deep.equal([]);
    const places: [string, number][] = [
      ['[[[[1]]]]', 3],
      ['{"a":[{"b":[]}]}', 11],
      ['[[[["]]"]]]]', 3],
      [`["${'['.repeat(100_000)}",[[["\\"[",{}]]]]`, 100_006],
    ];
    for (const [text, at] of places) {
      expect(() => parseJson(text, limits), text.slice(0, 20)).to.throw(
        `Expected a document of at most 3 levels, but the limit is passed at character ${at}`,
      );
    }
    expect(errorsOf('[["123456"],{"1234567":0}]', limits)).to.deep.equal([
      '/0/0: expected at most 5 characters, got 6',
      '/1/: expected at most 5 characters, got 7',
    ]);
  });

  it('finds a text beyond the limit of length, whatever else the document holds', () => {
    const limits = { ...defaultLimits, stringLength: 5 };
    expect(errorsOf('["123456"]', limits)).to.deep.equal(['/0: expected at most 5 characters, got 6']);
    for (const text of ['{"123456":0}', '{"a":1,"123456":0}']) {
      expect(errorsOf(text, limits), text).to.deep.equal(['/: expected at most 5 characters, got 6']);
    }
  });

  // A colon in a text looks like a repeated name, so that the whole document is checked.
  for (const value of ['12345', '1234:']) {
    it(`accepts names and values that reach the limits, such as ${value}`, () => {
      const limits = { ...defaultLimits, columns: 2, stringLength: 5 };
      expect(errorsOf(`{"12345":"${value}","b":2}`, limits)).to.deep.equal([]);
    });
  }

  it('allows longer values than names if the model reads free text', () => {
    const limits = { ...defaultLimits, stringLength: 2, textLength: 4 };
    for (const value of ['1234', '123:']) expect(errorsOf(`{"ab":"${value}"}`, limits), value).to.deep.equal([]);
    expect(errorsOf('{"abc":"1234","d":"12345"}', limits)).to.deep.equal([
      '/: expected at most 2 characters, got 3',
      '/d: expected at most 4 characters, got 5',
    ]);
  });
});
