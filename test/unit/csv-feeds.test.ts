import { expect } from 'chai';
import fc from 'fast-check';
import { toValue } from '../../functions/core/csv/field.ts';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, type Instances, toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import { toPointerStep } from '../../functions/core/pointer.ts';
import { csv, mlflowCsv } from '../../functions/predict/protocols/csv.ts';
import { parseByOther, writeField } from '../helpers/csv-oracle.ts';
import { manifestOf, type TestColumn } from '../helpers/manifest.ts';
import { runs } from '../helpers/runs.ts';

const limits = { ...defaultLimits, stringLength: 40 };

const manifests: Readonly<Record<string, Manifest>> = {
  'of every type': manifestOf([
    { name: 'x', dtype: 'float64', nullable: true },
    { name: 'f', dtype: 'float32' },
    { name: 'i', dtype: 'int64', nullable: true },
    { name: 'b', dtype: 'bool', nullable: true },
    { name: 'c', dtype: 'string', categories: ['a', 'NA', '', 'ä"b'], unknown: 'rejected' },
    { name: 's', dtype: 'string', nullable: true },
    { name: 'n', dtype: 'int64', categories: [1, 2, 30], unknown: 'rejected' },
    { name: 'm', dtype: 'float64', categories: [0.5, 1], unknown: 'rejected', nullable: true },
  ]),
  ...Object.fromEntries(
    (['float32', 'float64', 'int64'] satisfies DType[]).map((dtype) => [
      `of one tensor of ${dtype}`,
      manifestOf(
        (['a', 'b', 'c'] as const).map(
          (name): TestColumn => ({ name, dtype: dtype === 'int64' ? 'int64' : 'float32' }),
        ),
        dtype,
      ),
    ]),
  ),
};

const field = fc.oneof(
  fc.constantFrom(...['', 'NA', 'nan', 'None', '0', '1', '2', '30', '0.5', '-0', '1.0', '+5', ' 7 ', '1e400', '3e38']),
  fc.constantFrom(
    ...['4e38', '9007199254740993', '-inf', 'Infinity', 'true', 'FALSE', ' True', 'a', 'A ', 'ä"b', 'x\ny'],
  ),
  fc.constantFrom(...['0x10', '1_000', '1,5', '.', '.5', '5.', 'e5', '１', '\u00a01', 'a\u0000b', 'q'.repeat(41)]),
  fc.double({ noNaN: true }).map(String),
  fc.integer().map(String),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\uFFFD', '')),
);
const cell = fc.tuple(field, fc.boolean());

/** Records of cells: a text, and whether to quote it. Most records have as many cells as the header. */
function table(width: number) {
  const record = fc.oneof(
    { weight: 9, arbitrary: fc.array(cell, { minLength: width, maxLength: width }) },
    { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: width + 2 }) },
  );
  return fc.array(record, { minLength: 1, maxLength: 8 }).chain((records) =>
    // The code under test caches fields only if there are enough rows, so the table is sometimes repeated 20 times.
    fc.constantFrom(1, 20).map((times) => Array.from({ length: times }, () => records).flat()),
  );
}

/** The reference for the fast code: reads every field as a text, and then converts the text. */
function byTexts(text: string, { features }: Manifest): Instances {
  const [header = [], ...records] = parseByOther(text) ?? [];
  const positions = features.map(({ name }) => header.indexOf(name));
  const rows = records.map((fields) => {
    if (fields.length !== header.length) return fields;
    return features.map((feature, index) => toValue(fields[positions[index] as number] ?? '', feature));
  });
  return fromRows(rows, (row, key) => {
    return `/${row + 1}${toPointerStep(typeof key === 'number' ? features[key]?.name : key)}`;
  });
}

function outcomeOf(make: () => Instances, manifest: Manifest) {
  try {
    const instances = make();
    const feeds = toFeeds(instances, manifest, limits);
    return { feeds, rows: instances.rows, count: instances.count };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { message: error.message, errors: error.errors };
  }
}

describe('the feeds of CSV', () => {
  for (const [what, manifest] of Object.entries(manifests)) {
    it(`and its problems are the same as if each field were first read as a text: ${what}`, () => {
      const names = manifest.features.map(({ name }) => name);
      const order = fc.shuffledSubarray(names, { minLength: names.length });
      fc.assert(
        fc.property(order, table(names.length), fc.constantFrom('\n', '\r\n', '\r'), (header, records, end) => {
          const lines = records.map((cells) => cells.map(([text, quotes]) => writeField(text, quotes)).join());
          fc.pre(lines.every((line) => line !== ''));
          const text = [header.join(), ...lines].join(end);
          const request = { headers: {}, parameters: {}, body: text };
          const decode = () => csv.decode(request, manifest, limits).instances;
          expect(outcomeOf(decode, manifest)).to.deep.equal(outcomeOf(() => byTexts(text, manifest), manifest));
        }),
        runs(150),
      );
    });
  }

  it('have missing values for features that a request to /invocations leaves out', () => {
    const manifest = manifestOf([
      { name: 'a', dtype: 'float64' },
      { name: 's', dtype: 'string', nullable: true },
      { name: 'x', dtype: 'float64', nullable: true },
    ]);
    const body = `id,a\n${'"7",1\n'.repeat(50)}`;
    const { instances } = mlflowCsv.decode({ headers: {}, parameters: {}, body }, manifest, limits);
    const { a, s, x } = toFeeds(instances, manifest, limits);
    expect(a?.data).to.deep.equal(new Float64Array(50).fill(1));
    expect(s?.data).to.deep.equal(new Array(50).fill(''));
    expect(x?.data).to.deep.equal(new Float64Array(50).fill(Number.NaN));
    expect(instances.rows).to.deep.equal(new Array(50).fill([1, null, null]));
  });

  it('have each value of a matrix in its row and column, whether or not a value is read from an earlier row', () => {
    const manifest = manifestOf(
      (['a', 'b', 'c'] as const).map((name) => ({ name, dtype: 'float64' })),
      'float64',
    );
    const numbers = Array.from({ length: 40 }, (_, row) => [1 + (row % 3), 10 + (row % 4), 20 + row]);
    for (const space of ['', ' ']) {
      const body = numbers.map((row) => `${row.map((number) => space + number).join()}\n`).join('');
      const { instances } = csv.decode({ headers: {}, parameters: {}, body }, manifest, limits);
      expect(toFeeds(instances, manifest, limits).X?.data).to.deep.equal(Float64Array.from(numbers.flat()));
    }
  });

  it('report a record with a wrong number of fields beside other problems', () => {
    const manifest = manifestOf([{ name: 'a', dtype: 'float64' }]);
    const body = 'id,a\n1,2\n3\n4,x\n';
    const request = { headers: {}, parameters: {}, query: 'ignore=id', body };
    const { instances } = csv.decode(request, manifest, limits);
    expect(outcomeOf(() => instances, manifest)).to.deep.include({
      errors: [
        { pointer: '/2', detail: 'expected 2 values, one for each column, got 1' },
        { pointer: '/3/a', detail: 'expected a number, got a string' },
      ],
    });
  });
});
