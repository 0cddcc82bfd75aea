import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { native, toInstances } from '../../functions/predict/protocols/native.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf } from '../helpers/manifest.ts';

const manifest = parseManifest(readManifest());
const row = [5.1, 3.5, 1.4, 0.2];
const record = { sepal_length: 5.1 };

const layout = (document: unknown) => {
  const { rows, pointerOf } = toInstances(document, manifest);
  return { rows, pointers: rows.map((_, index) => pointerOf(index)) };
};

describe('the native protocol', () => {
  const layouts: [string, unknown, unknown[], string[]][] = [
    ['one row', row, [row], ['']],
    ['one record', record, [record], ['']],
    ['one row that holds a row', [5.1, row], [[5.1, row]], ['']],
    ['several rows', [row, record], [row, record], ['/0', '/1']],
    ['several rows, one of which is a number', [row, 7], [row, 7], ['/0', '/1']],
    ['instances', { instances: [row, record] }, [row, record], ['/instances/0', '/instances/1']],
  ];
  for (const [what, document, rows, pointers] of layouts) {
    it(`finds the rows in ${what}, and points at them`, () => {
      expect(layout(document)).to.deep.equal({ rows, pointers });
    });
  }

  it('finds the same rows of numbers in a large document as in small ones', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => [index / 7, -1 - index, 0.1, 2.5]);
    for (const [document, pointer] of [
      [rows, ''],
      [{ instances: rows }, '/instances'],
    ] as const) {
      const decode = (body: string | Buffer) => {
        return native.decode({ headers: {}, parameters: {}, body }, manifest, defaultLimits).instances;
      };
      const text = JSON.stringify(document);
      const large = decode(text);
      expect(large.count).to.equal(40_000);
      expect(large.pointerOf(7, 'x')).to.equal(`${pointer}/7/x`);
      expect(large.rows).to.deep.equal(rows);
      const one = toFeeds(large, manifest, defaultLimits);
      expect(one).to.deep.equal(toFeeds(toInstances(document, manifest), manifest, defaultLimits));
      expect(toFeeds(decode(Buffer.from(text)), manifest, defaultLimits)).to.deep.equal(one);
    }
  });

  const refusals: [unknown, string, string][] = [
    [[], '', 'expected at least 1 row'],
    [{ instances: [] }, '/instances', 'expected at least 1 row'],
    [{ instances: null }, '/instances', 'expected an array of rows, got null'],
    [{ instances: [row], parameters: {} }, '', 'expected "instances" and no other name'],
    [
      7,
      '',
      'expected an array of 4 values, an object with the values by feature name, or an array of such rows, got a number',
    ],
    [
      null,
      '',
      'expected an array of 4 values, an object with the values by feature name, or an array of such rows, got null',
    ],
  ];
  for (const [document, pointer, detail] of refusals) {
    it(`refuses ${JSON.stringify(document)}`, () => {
      expect(() => layout(document))
        .to.throw(RequestError)
        .that.deep.includes({ name: 'InvalidInput', errors: [{ pointer, detail }] });
    });
  }

  it('reads a record with the name instances as a row if a feature has that name', () => {
    const named = manifestOf([{ name: 'instances', dtype: 'float64' }]);
    expect(toInstances({ instances: 1 }, named).rows).to.deep.equal([{ instances: 1 }]);
  });

  it('reads JSON after a byte order mark', () => {
    const request = { headers: {}, parameters: {}, body: '\uFEFF[1]' };
    expect(native.decode(request, manifest, defaultLimits).instances.rows).to.deep.equal([[1]]);
  });
});
