import { expect } from 'chai';
import { toClassCell } from '../../functions/core/csv/class-cell.ts';

describe('toClassCell', () => {
  for (const text of [
    '=1+1',
    '=cmd()',
    '@SUM(A1)',
    '+a',
    '-a',
    '-1+1',
    '+',
    '-',
    '- 1',
    '-Infinity',
    '\t=1',
    '\r=1',
    '\n=1',
  ]) {
    it(`puts an apostrophe before ${JSON.stringify(text)}`, () => {
      expect(toClassCell(text)).to.equal(`'${text}`);
    });
  }

  for (const text of ['-1', '+1', '-1.5', '+.5', '-5.', '-1e-7', '+1E+9', 'a=b', 'a-b', ' =1', '1', '', "'a", "'"]) {
    it(`leaves ${JSON.stringify(text)} as it is`, () => {
      expect(toClassCell(text)).to.equal(text);
    });
  }

  for (const text of ['＝1+1', '＋a', '－a', '＠a']) {
    it(`treats ${text} as a formula, because Japanese spreadsheets do`, () => {
      expect(toClassCell(text)).to.equal(`'${text}`);
    });
  }

  it('writes different texts as different cells', () => {
    const texts = ['=1', "'=1", "''=1", "'1", "''1"];
    expect(new Set(texts.map(toClassCell))).to.have.property('size', texts.length);
  });

  it('writes numbers and booleans as they are', () => {
    expect([-1, -1.5, -1e-7, 0, true, false].map(toClassCell)).to.deep.equal([
      '-1',
      '-1.5',
      '-1e-7',
      '0',
      'true',
      'false',
    ]);
  });
});
