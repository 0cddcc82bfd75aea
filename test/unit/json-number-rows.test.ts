import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/core/errors.ts';
import { fromNumberRows, readNumberRows } from '../../functions/core/json/number-rows.ts';
import { endOfNumber } from '../../functions/core/json/number-scan.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { manifestOf } from '../helpers/manifest.ts';
import { runs } from '../helpers/runs.ts';

const read = (text: string | Uint8Array, width = 2, limits = defaultLimits) => readNumberRows(text, width, limits, 0);

/**
 * The numbers that JSON.parse reads, if they are rows of two finite numbers, alone or as the only member of an object.
 * Returns undefined for any other text.
 */
function toExpected(text: string): { name: string | undefined; values: number[] } | undefined {
  try {
    const document = JSON.parse(text);
    const [[name, rows] = [undefined, document], ...others] = Array.isArray(document) ? [] : Object.entries(document);
    const isOfNumbers = (rows as unknown[]).every((row) => {
      return Array.isArray(row) && row.length === 2 && row.every(Number.isFinite);
    });
    return isOfNumbers && others.length === 0 ? { name, values: (rows as number[][]).flat() } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Expects that readNumberRows reads the same numbers as JSON.parse, or leaves the text to it. It must leave every text
 * that JSON.parse refuses, or from which JSON.parse reads anything but rows of two finite numbers.
 */
function expectAlike(text: string): void {
  const rows = read(text);
  if (!rows) return;
  const expected = toExpected(text);
  expect(rows.name, text).to.equal(expected?.name);
  const values = Array.from(rows.values);
  if (!values.every((value, at) => Object.is(value, expected?.values[at])))
    expect(values, text).to.deep.equal(expected);
  expect(rows.count * 2, text).to.equal(expected?.values.length);
}

describe('readNumberRows', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '0',
      '-0',
      '-0.0',
      '1E5',
      '1e-7',
      '0.10',
      '123456789012345678901',
      '5e-324',
      '1.7976931348623157e308',
    ),
  );
  const space = fc.constantFrom('', '', ' ', '\n\t', '\r\n');
  const row = fc
    .tuple(space, number, space, space, number, space)
    .map(([a, x, b, c, y, d]) => `[${a}${x}${b},${c}${y}${d}]`);
  const rows = fc
    .tuple(space, fc.array(fc.tuple(row, space), { minLength: 1, maxLength: 5 }), space)
    .map(
      ([before, some, after]) => `${before}[${some.map((parts) => parts.join('')).join(`,${before}`)}${after}]${after}`,
    );
  const wrapped = fc.tuple(fc.constantFrom('instances', 'inputs', 'x'), space, rows).map(([name, a, inner]) => {
    return `${a}{${a}"${name}"${a}:${inner}}${a}`;
  });
  const document = fc.oneof(rows, wrapped);

  it('reads the same numbers as JSON.parse, to the last bit', () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(read(text), text).not.to.equal(undefined);
        expect(read(Buffer.from(text)), text).to.deep.equal(read(text));
        expectAlike(text);
      }),
      runs(2000),
    );
  });

  it('reads an edited document like JSON.parse, or leaves it to JSON.parse', () => {
    const piece = fc.constantFrom(
      ...'[]{},:"-+.eE015 nul\u00e9\ufffd'.split(''),
      '1e999',
      'NaN',
      '[]',
      '"a":',
      '[1,2]',
      '//',
    );
    const edit = fc.tuple(document, fc.nat(), fc.nat(2), piece);
    fc.assert(
      fc.property(edit, ([text, at, cut, inserted]) => {
        const place = at % (text.length + 1);
        expectAlike(text.slice(0, place) + inserted + text.slice(place + cut));
      }),
      runs(20_000),
    );
  });

  it('leaves small documents, and documents beyond a limit, to parseJson', () => {
    const text = '[[1,2],[3,4],[5,6]]';
    expect(readNumberRows(text, 2, defaultLimits)).to.equal(undefined);
    expect(read(text, 2, { ...defaultLimits, rows: 2 })).to.equal(undefined);
    expect(read(text, 2, { ...defaultLimits, depth: 2 })).to.equal(undefined);
    expect(read(text, 2, { ...defaultLimits, columns: 1 })).to.equal(undefined);
    expect(read(text, 3)).to.equal(undefined);
    expect(read(text)?.count).to.equal(3);
  });

  it('leaves a document with a name of megabytes to parseJson', () => {
    expect(read(`{"${'x'.repeat(5_000_000)}":[[1,2]]}`)).to.equal(undefined);
  });

  it('reads a document that reaches the limits and no more', () => {
    const text = '[[1,2],[3,4],[5,6]]';
    expect(read(text, 2, { ...defaultLimits, rows: 3, depth: 3, columns: 2 })?.count).to.equal(3);
    expect(readNumberRows(text, 2, defaultLimits, text.length)?.count).to.equal(3);
    expect(readNumberRows(text, 2, defaultLimits, text.length + 1)).to.equal(undefined);
  });

  it('reads a name of up to 32 letters, wherever it begins', () => {
    const name = 'abcdefghijklmnopqrstuvwxyzabcdef';
    const space = ' '.repeat(40);
    expect(read(`${space}{${space}"${name}":[[1,2]]}`)?.name).to.equal(name);
    expect(read(`{"${name}g":[[1,2]]}`)).to.equal(undefined);
  });

  for (const text of ['', '7', '[', ']', '[]', '[7]', '{"x":]}', '{"x":7}', '{"x":[]}']) {
    it(`leaves ${text || 'an empty text'}, which holds no row, to parseJson`, () => {
      expect(read(text)).to.equal(undefined);
    });
  }
});

describe('fromNumberRows', () => {
  const manifest = manifestOf([
    { name: 'whole', dtype: 'int64' },
    { name: 'real', dtype: 'float64' },
  ]);
  const toInstances = (...values: number[]) => {
    const rows = { name: 'instances', count: values.length / 2, values: Float64Array.from(values) };
    return fromNumberRows(rows, '/instances', { fillsMissing: true });
  };

  it('writes each row into the inputs of the model', () => {
    const { whole, real } = toFeeds(toInstances(1, 2.5, 3, -4, 5, 0), manifest, defaultLimits);
    expect(whole?.data).to.deep.equal(Float64Array.of(1, 3, 5));
    expect(real?.data).to.deep.equal(Float64Array.of(2.5, -4, 0));
  });

  it('gives the rows as arrays, and the leniency of the protocol', () => {
    const { count, rows, leniency } = toInstances(1, 2.5, 3, -4, 5, 0);
    expect({ count, rows }).to.deep.equal({
      count: 3,
      rows: [
        [1, 2.5],
        [3, -4],
        [5, 0],
      ],
    });
    expect(leniency).to.deep.equal({ fillsMissing: true });
  });

  it('points at a value that does not fit its feature, and at a row', () => {
    const instances = toInstances(1, 2.5, 0.5, 4, 5, 0);
    expect(() => toFeeds(instances, manifest, defaultLimits))
      .to.throw(RequestError)
      .with.deep.property('errors', [
        { pointer: '/instances/1/0', detail: 'expected an integer, got a number with a fraction' },
      ]);
    expect(instances.pointerOf(2)).to.equal('/instances/2');
  });
});

describe('endOfNumber', () => {
  for (const text of ['', 'x', '-', '-x', '+1', '.5', '5.', '5.e1', '1e', '1e+', '-e1']) {
    it(`finds no JSON number at the start of ${text || 'an empty text'}`, () => {
      expect(endOfNumber(Buffer.from(text), 0)).to.equal(-1);
    });
  }

  it('stops after the number', () => {
    const ends = ['0', '01', '-0.5,', '12 ', '1e5]', '1E-7x', '1.25e+10.'].map((text) => {
      return endOfNumber(Buffer.from(text), 0);
    });
    expect(ends).to.deep.equal([1, 1, 4, 2, 3, 4, 8]);
  });
});
