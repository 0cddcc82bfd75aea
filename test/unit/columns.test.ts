import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { problemWithCategory } from '../../functions/core/model/categories.ts';
import { checkRowCount, fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { createFeeds } from '../../functions/core/model/feeds.ts';
import { type Feature, type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import { toPointerStep } from '../../functions/core/pointer.ts';
import { manifestOf, regressorManifest, type TestColumn, valuesManifest } from '../helpers/manifest.ts';

const instancesOf = (rows: readonly unknown[]) => fromRows(rows, (row, key) => `/${row}${toPointerStep(key)}`);
const feed = (rows: readonly unknown[], manifest: Manifest) => toFeeds(instancesOf(rows), manifest, defaultLimits);

function errorsOf(rows: readonly unknown[], manifest: Manifest): string[] {
  try {
    feed(rows, manifest);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
  return [];
}

const two = manifestOf(
  [
    { name: 'a', dtype: 'float64' },
    { name: 'b', dtype: 'float64' },
  ],
  'float64',
);
const one = (dtype: DType, nullable = false) => manifestOf([{ name: 'a', dtype, nullable }]);

describe('toFeeds', () => {
  it('writes rows into one matrix, by position and by name', () => {
    const { X } = feed([[1, 2], { b: 4, a: 3 }], two);
    expect(X).to.deep.equal({ dtype: 'float64', dims: [2, 2], data: Float64Array.of(1, 2, 3, 4) });
  });

  it('writes rows into one column for each feature, in the type of its input', () => {
    const features: TestColumn[] = [
      { name: 'f', dtype: 'float32' },
      { name: 'i', dtype: 'int64' },
      { name: 'b', dtype: 'bool' },
      { name: 's', dtype: 'string' },
    ];
    const inputs = features.map(({ name, dtype }) => ({ name, dtype, shape: [null, 1] }));
    const manifest = parseManifest({ ...manifestOf(features), inputs });
    expect(
      feed(
        [
          [0.5, 7, true, 'x'],
          [1.5, -7, false, ''],
        ],
        manifest,
      ),
    ).to.deep.equal({
      f: { dtype: 'float32', dims: [2, 1], data: Float32Array.of(0.5, 1.5) },
      i: { dtype: 'int64', dims: [2, 1], data: BigInt64Array.of(7n, -7n) },
      b: { dtype: 'bool', dims: [2, 1], data: Uint8Array.of(1, 0) },
      s: { dtype: 'string', dims: [2, 1], data: ['x', ''] },
    });
  });

  it('checks a value by the type of its feature, and stores it in the type of its input', () => {
    const manifest = manifestOf(
      [
        { name: 'i', dtype: 'int64' },
        { name: 'b', dtype: 'bool' },
      ],
      'float32',
    );
    expect(feed([[3, true]], manifest).X?.data).to.deep.equal(Float32Array.of(3, 1));
    expect(errorsOf([[0.5, 1]], manifest)).to.deep.equal([
      '/0/0: expected an integer, got a number with a fraction',
      '/0/1: expected true or false, got a number',
    ]);
  });

  it('rounds values of a float32 feature, even if the input is float64', () => {
    expect(feed([[0.1]], one('float32')).a?.data).to.deep.equal(Float64Array.of(Math.fround(0.1)));
    expect(feed([[0.1]], one('float64')).a?.data).to.deep.equal(Float64Array.of(0.1));
  });

  it('stores integers and booleans as numbers in an input of float64', () => {
    const whole = 2 ** 53 - 1;
    expect(feed([[whole], [-whole]], one('int64')).a?.data).to.deep.equal(Float64Array.of(whole, -whole));
    expect(feed([[true], [false]], one('bool')).a?.data).to.deep.equal(Float64Array.of(1, 0));
  });

  for (const dtype of ['float32', 'float64', 'int64', 'bool'] as const) {
    it(`stores null of a nullable ${dtype} feature as NaN`, () => {
      expect(feed([[null]], one(dtype, true)).a?.data).to.deep.equal(Float64Array.of(Number.NaN));
      expect(errorsOf([[null]], one(dtype))[0]).to.match(/^\/0\/0: expected .*, got null$/);
    });

    it(`refuses the empty string for a nullable ${dtype} feature`, () => {
      expect(errorsOf([['']], one(dtype, true))[0]).to.match(/^\/0\/0: expected .*, got a string$/);
    });
  }

  it('reads NaT, which pandas writes, as missing only for a nullable timestamp', () => {
    const manifest = manifestOf([
      { name: 't', dtype: 'timestamp', nullable: true },
      { name: 's', dtype: 'string', nullable: true },
    ]);
    const { t, s } = toFeeds(fromRows([['NaT', 'NaT']], String, { takesNaT: true }), manifest, defaultLimits);
    expect(t?.data).to.deep.equal(Float64Array.of(Number.NaN));
    expect(s?.data).to.deep.equal(['NaT']);
  });

  it('stores null and the empty string of a nullable string feature as the empty string', () => {
    expect(feed([[null], [''], [' ']], one('string', true)).a?.data).to.deep.equal(['', '', ' ']);
    expect(feed([['']], one('string')).a?.data).to.deep.equal(['']);
    expect(errorsOf([[null]], one('string'))).to.deep.equal(['/0/0: expected a string, got null']);
  });

  describe('for a feature with categories', () => {
    const of = (column: Omit<TestColumn, 'name'>) => manifestOf([{ name: 'a', ...column }]);
    const sizes = { dtype: 'string', categories: ['S', 'M'], unknown: 'rejected' } as const;

    it('refuses other values if the model does, and lists the categories', () => {
      expect(errorsOf([['S'], ['secret'], { a: 'XS' }, ['']], of(sizes))).to.deep.equal([
        '/1/0: expected one of "S", "M" (2 values)',
        '/2/a: expected one of "S", "M" (2 values)',
        '/3/0: expected one of "S", "M" (2 values)',
      ]);
      expect(errorsOf([[1]], of(sizes))).to.deep.equal(['/0/0: expected a string, got a number']);
    });

    it('accepts other values if the model does', () => {
      expect(feed([['secret']], of({ ...sizes, unknown: 'accepted' })).a?.data).to.deep.equal(['secret']);
      expect(feed([[7]], of({ dtype: 'int64', categories: [1], unknown: 'accepted' })).a?.data[0]).to.equal(7);
    });

    it('accepts U+FFFD only in categories that have it', () => {
      const refusal =
        '/0/0: expected a string of characters, got U+FFFD, which replaces bytes that could not be decoded';
      const known = { ...sizes, categories: ['caf\uFFFD', 'M'] };
      expect(errorsOf([['caf\uFFFD']], of({ ...known, unknown: 'accepted' }))).to.deep.equal([]);
      expect(errorsOf([['caf\uFFFD']], of(known))).to.deep.equal([]);
      expect(errorsOf([['\uFFFD']], of({ ...known, unknown: 'accepted' }))).to.deep.equal([refusal]);
      expect(errorsOf([['\uFFFD']], of({ dtype: 'string', categories: null }))).to.deep.equal([refusal]);
    });

    it('accepts any string if no categories are published', () => {
      expect(feed([['secret'], ['']], of({ dtype: 'string', categories: null })).a?.data).to.deep.equal(['secret', '']);
    });

    it('accepts missing values of a nullable feature', () => {
      expect(feed([[null], ['']], of({ ...sizes, nullable: true })).a?.data).to.deep.equal(['', '']);
      const numbers = of({ dtype: 'int64', categories: [1, 2], unknown: 'rejected', nullable: true });
      expect(feed([[null]], numbers).a?.data).to.deep.equal(Float64Array.of(Number.NaN));
    });

    const numeric: [DType, number[], unknown, unknown][] = [
      ['int64', [1, 3], 3, 2],
      ['float64', [0.5, 0.1], 0.1, 0.1 + Number.EPSILON],
      ['float32', [Math.fround(0.1), 0.3], 0.1, 0.2],
      ['float32', [0.3, 0.5], Math.fround(0.3), 0.1],
      ['bool', [1], true, false],
    ];
    for (const [dtype, categories, taken, refused] of numeric) {
      it(`compares ${dtype} values in the precision of their type`, () => {
        const manifest = of({ dtype, categories, unknown: 'rejected' });
        expect(errorsOf([[taken]], manifest)).to.deep.equal([]);
        expect(errorsOf([[refused]], manifest)[0]).to.match(/^\/0\/0: expected one of \d/);
      });
    }

    it('hints that a text differs from a category only in case or spaces, without saying from which', () => {
      const cities = of({ ...sizes, categories: ['Köln', 'Bonn'] });
      const expected = '/0/0: expected one of "Köln", "Bonn" (2 values)';
      for (const text of [' Köln', 'Köln ', 'köln', 'KÖLN', '\tbonn']) {
        expect(errorsOf([[text]], cities), text).to.deep.equal([
          `${expected}; it differs from one only in case or in spaces at its ends`,
        ]);
      }
      for (const text of ['Koln', 'Köl', '', 'Kö ln'])
        expect(errorsOf([[text]], cities), text).to.deep.equal([expected]);
    });

    it('hints this for long texts and tens of thousands of categories in time', () => {
      const categories = Array.from({ length: 50_000 }, (_, index) => `Category ${index}`);
      const [feature] = of({ ...sizes, categories }).features;
      const problems = Array.from({ length: 2000 }, (_, index) =>
        problemWithCategory(`category ${index}${' '.repeat(9000)}`, feature as Feature),
      );
      expect(problems.every((problem) => problem?.endsWith('in case or in spaces at its ends'))).to.equal(true);
    });

    it('lists only as many categories as fit a message', () => {
      const detail = (categories: string[]) => errorsOf([['?']], of({ ...sizes, categories }))[0];
      expect(detail(['x'])).to.equal('/0/0: expected one of "x" (1 value)');
      const digits = Array.from('0123456789');
      const ten = digits.map((digit) => `"${digit}"`).join(', ');
      expect(detail(digits)).to.equal(`/0/0: expected one of ${ten} (10 values)`);
      expect(detail([...digits, 'a', 'b'])).to.equal(`/0/0: expected one of ${ten}, … (12 values)`);
      const long = ['a', 'b', 'c'].map((letter) => letter.repeat(90));
      expect(detail(long)).to.equal(`/0/0: expected one of "${long[0]}", "${long[1]}", … (3 values)`);
      expect(detail(['x'.repeat(5000), 'y'])).to.equal('/0/0: expected one of … (2 values)');
      // With their quotes, these two have exactly the most characters that are listed.
      const [x, y] = ['x'.repeat(98), 'y'.repeat(98)];
      expect(detail([x, y])).to.equal(`/0/0: expected one of "${x}", "${y}" (2 values)`);
      expect(detail([x, `${y}y`])).to.equal(`/0/0: expected one of "${x}", … (2 values)`);
    });
  });

  const refusals: [DType, unknown, string][] = [
    ['float64', '1', 'expected a number, got a string'],
    ['float64', true, 'expected a number, got a boolean'],
    ['float64', [1], 'expected a number, got an array of 1'],
    ['float64', {}, 'expected a number, got an object'],
    ['float64', undefined, 'expected a number, got nothing'],
    ['float64', Number.NaN, 'expected a number, got NaN'],
    ['float64', Number.POSITIVE_INFINITY, "expected a finite number, got Infinity or one beyond float64's range"],
    ['float32', 3.5e38, "expected a number within float32's range"],
    ['int64', 2 ** 53, 'expected an integer between -(2^53 - 1) and 2^53 - 1'],
    ['int64', 1e39, 'expected an integer between -(2^53 - 1) and 2^53 - 1'],
    ['int64', '1', 'expected an integer, got a string'],
    ['bool', 1, 'expected true or false, got a number'],
    ['bool', Number.NaN, 'expected true or false, got NaN'],
    ['string', 1, 'expected a string, got a number'],
    ['string', 'a\ud800', 'expected a string of characters, got a lone surrogate'],
    ['string', 'a\0', 'expected a string of characters, got a NUL'],
    ['string', 'x'.repeat(10_001), 'expected at most 10000 characters, got 10001'],
  ];
  for (const [dtype, value, detail] of refusals) {
    it(`refuses ${typeof value === 'number' ? value : JSON.stringify(value)?.slice(0, 20)} for ${dtype}`, () => {
      expect(errorsOf([[value]], one(dtype))).to.deep.equal([`/0/0: ${detail}`]);
    });
  }

  it('accepts a string of as many characters as the limit', () => {
    const text = 'x'.repeat(defaultLimits.stringLength);
    expect(feed([[text]], one('string')).a?.data).to.deep.equal([text]);
  });

  it('refuses a row with too many or too few values', () => {
    const expected = 'expected 2 values (a, b), got';
    expect(errorsOf([[1, 2, 3], [1], []], two)).to.deep.equal([
      `/0: ${expected} 3`,
      `/1: ${expected} 1`,
      `/2: ${expected} 0`,
    ]);
  });

  it('lists only the first twenty names of features, and of a long name only the beginning', () => {
    const detailOf = (names: readonly string[]) =>
      errorsOf([[]], manifestOf(names.map((name) => ({ name, dtype: 'float64' }))))[0];
    const names = Array.from('abcdefghijklmnopqrst');
    expect(detailOf(names)).to.equal(`/0: expected 20 values (${names.join(', ')}), got 0`);
    expect(detailOf([...names, 'u'])).to.equal(`/0: expected 21 values (${names.join(', ')}, …), got 0`);
    const long = 'x'.repeat(200);
    expect(detailOf([`${long}y`, 'z'])).to.equal(`/0: expected 2 values (${long}, z), got 0`);
  });

  it('refuses a row that is neither an array nor an object', () => {
    const expected = 'expected an array or an object of 2 values, got';
    expect(errorsOf([null, 'ab'], two)).to.deep.equal([`/0: ${expected} null`, `/1: ${expected} a string`]);
  });

  it('names the limit of rows or columns that is exceeded', () => {
    const limits = { ...defaultLimits, rows: 1, columns: 3 };
    const rows = [
      [1, 2],
      [1, 2],
    ];
    expect(() => checkRowCount(rows.length, two, limits))
      .to.throw('Expected at most 1 rows, got 2')
      .with.property('name', 'PayloadTooLarge');
    for (const row of [[1, 2, 3, 4], { a: 1, b: 2, c: 3, d: 4 }]) {
      expect(() => toFeeds(instancesOf([row]), two, limits))
        .to.throw(RequestError)
        .that.deep.includes({ errors: [{ pointer: '/0', detail: 'expected at most 3 columns, got 4' }] });
    }
  });

  it('applies the limit of columns to the features of the model too', () => {
    for (const row of [[1, 2], { a: 1, b: 2 }]) {
      const { X } = toFeeds(instancesOf([row]), two, { ...defaultLimits, columns: 2 });
      expect(X?.data).to.deep.equal(Float64Array.of(1, 2));
      expect(() => toFeeds(instancesOf([row]), two, { ...defaultLimits, columns: 1 }))
        .to.throw(RequestError)
        .that.deep.includes({ errors: [{ pointer: '/0', detail: 'expected at most 1 columns, got 2' }] });
    }
  });

  it('says how many rows fit if a model has many features', () => {
    const limits = { ...defaultLimits, bodyBytes: 7 };
    expect(() => checkRowCount(3, two, limits)).not.to.throw();
    expect(() => checkRowCount(4, two, limits))
      .to.throw('Expected at most 3 rows, because the limit is 7 values, and a row has 2, with those that are left out')
      .with.property('name', 'PayloadTooLarge');
    expect(() => checkRowCount(1, two, { ...limits, bodyBytes: 1 })).not.to.throw();
  });

  it('says how many rows fit if a model has many classes', () => {
    const limits = { ...defaultLimits, probabilities: 10 };
    const three = { ...two, classes: ['a', 'b', 'c'] };
    expect(() => checkRowCount(3, three, limits)).not.to.throw();
    expect(() => checkRowCount(4, three, limits))
      .to.throw('Expected at most 3 rows, because the limit is 10 probabilities, got 4')
      .with.property('name', 'PayloadTooLarge');
    const eleven = { ...two, classes: Array.from('abcdefghijk') };
    expect(() => checkRowCount(1, eleven, limits)).not.to.throw();
    expect(() => checkRowCount(2, eleven, limits)).to.throw(
      'Expected at most 1 rows, because the limit is 10 probabilities, got 2',
    );
    expect(() => checkRowCount(11, regressorManifest(), limits)).not.to.throw();
    const pair = { ...two, classes: ['a', 'b'] };
    expect(() => checkRowCount(5, pair, limits)).not.to.throw();
    expect(() => checkRowCount(6, pair, limits)).to.throw(
      'Expected at most 5 rows, because the limit is 10 probabilities, got 6',
    );
    expect(() => checkRowCount(6, valuesManifest(['height', 'weight']), limits)).to.throw(
      'Expected at most 5 rows, because the limit is 10 values, got 6',
    );
  });

  it('distinguishes names by their case', () => {
    expect(errorsOf([{ A: 1, b: 2 }], two)).to.deep.equal([
      '/0/A: the model has no feature "A"; did you mean "a"?',
      '/0: missing feature "a"',
    ]);
  });

  it('suggests the name that is most similar to an unknown one', () => {
    const parts = manifestOf([
      { name: 'sepal_width', dtype: 'float64' },
      { name: 'petal_width', dtype: 'float64' },
      { name: 'width', dtype: 'float64' },
    ]);
    const row = { sepal_width: 1, ' petal_width': 2, width: 3 };
    expect(errorsOf([row], parts)).to.include(
      '/0/ petal_width: the model has no feature " petal_width"; did you mean "petal_width"?',
    );
    expect(errorsOf([{ ...row, petal_widht: 2 }], parts)).to.include(
      '/0/petal_widht: the model has no feature "petal_widht"; did you mean "petal_width"?',
    );
  });

  it('escapes slashes and tildes in pointers to unknown names, and lists missing names', () => {
    const record = JSON.parse('{"a":1,"__proto__":2,"x/y~z":3}');
    expect(errorsOf([record], two)).to.deep.equal([
      '/0/__proto__: the model has no feature "__proto__"',
      '/0/x~1y~0z: the model has no feature "x/y~z"',
      '/0: missing feature "b"',
    ]);
  });

  it('points only at the row if an unknown name is long, so that errors stay short', () => {
    expect(errorsOf([{ a: 1, b: 2, ['/'.repeat(201)]: 3 }], two)).to.deep.equal([
      '/0: the model has no feature with a name of 201 characters',
    ]);
    const name = 'x'.repeat(200);
    expect(errorsOf([{ a: 1, b: 2, [name]: 3 }], two)).to.deep.equal([
      `/0/${name}: the model has no feature "${name}"`,
    ]);
  });

  it('reports a row that is left out of a sparse array', () => {
    const rows = [[1, 2]];
    rows.length = 2;
    expect(errorsOf(rows, two)).to.deep.equal(['/1: expected an array or an object of 2 values, got nothing']);
  });

  it('does not read a feature from the prototype of a row', () => {
    const manifest = manifestOf([{ name: 'toString', dtype: 'float64' }]);
    expect(errorsOf([{}], manifest)).to.deep.equal(['/0: missing feature "toString"']);
  });

  it('lists a hundred problems, and does not look for more', () => {
    const rows = Array.from({ length: 250 }, () => ['x', 1]);
    expect(errorsOf(rows, two)).to.have.length(100);
    expect(() => feed(rows.slice(0, 100), two)).to.throw(/^There are 100 problems with the rows$/);
    expect(() => feed(rows, two)).to.throw(/^There are more than 100 problems with the rows$/);
  });

  it('refuses many bad rows of many features quickly, with a short list of errors', () => {
    const wide = manifestOf(
      Array.from({ length: 5000 }, (_, index) => ({ name: `feature_${index}`, dtype: 'float64' as const })),
      'float64',
    );
    for (const row of [{}, [], { unknown: 1 }]) {
      // An earlier version took a minute and a half for this, which is longer than a test may take.
      expect(JSON.stringify(errorsOf(new Array(20_000).fill(row), wide)).length).to.be.below(200_000);
    }
  });
});

describe('createFeeds', () => {
  it('holds an empty string for each text that is not written', () => {
    const feeds = createFeeds(one('string'), 3, defaultLimits);
    expect(feeds.take(3)).to.deep.equal({ a: { dtype: 'string', dims: [3, 1], data: ['', '', ''] } });
  });

  it('takes the first rows', () => {
    const feeds = createFeeds(two, 3, defaultLimits);
    for (let index = 0; index < 6; index += 1) (feeds.writer.data[0] as Float64Array)[index] = index;
    expect(feeds.take(2)).to.deep.equal({ X: { dtype: 'float64', dims: [2, 2], data: Float64Array.of(0, 1, 2, 3) } });
    expect(feeds.take(3).X?.dims).to.deep.equal([3, 2]);
  });
});
