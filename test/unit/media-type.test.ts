import { expect } from 'chai';
import { negotiate, parseMediaType } from '../../functions/predict/http/media-type.ts';
import { chooseReader, chooseWriter } from '../../functions/predict/protocols/choose.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { native } from '../../functions/predict/protocols/native.ts';

describe('parseMediaType', () => {
  it('writes the type in lower case, and finds the parameters', () => {
    const none = { charset: undefined, header: undefined };
    expect(parseMediaType('Application/JSON')).to.deep.equal({ ...none, type: 'application/json' });
    expect(parseMediaType('text/csv; Header=Present;Charset="UTF-8"')).to.deep.equal({
      type: 'text/csv',
      charset: 'utf-8',
      header: 'present',
    });
    expect(parseMediaType('text/csv; charset=utf-8,text/csv')).to.include({ type: 'text/csv', charset: 'utf-8' });
    expect(parseMediaType('')).to.deep.equal({ ...none, type: '' });
  });
});

describe('negotiate', () => {
  const offered = ['application/json', 'text/csv'] as const;
  const cases: [string | undefined, string | undefined][] = [
    [undefined, 'application/json'],
    ['', 'application/json'],
    [' , ,', 'application/json'],
    ['*/*', 'application/json'],
    ['*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['Text/CSV;q=0.5', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/json;q=0.5, text/csv', 'text/csv'],
    ['text/csv;q=0.1, */*;q=0.5', 'application/json'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['text/html', undefined],
    ['application/json;q=0', undefined],
    ['*/*;q=0', undefined],
    ['text/csv;q=none', 'text/csv'],
  ];
  for (const [accept, expected] of cases) {
    it(`answers ${accept ?? 'no header'} with ${expected ?? 'nothing'}`, () => {
      expect(negotiate(accept, offered)).to.equal(expected);
    });
  }
});

describe('the choice of protocols', () => {
  const protocols = [native, csv];

  it('reads by Content-Type, and takes the first protocol for default types', () => {
    for (const type of [
      undefined,
      '',
      'application/x-www-form-urlencoded',
      'text/plain;charset=UTF-8',
      'application/json',
    ]) {
      expect(chooseReader(protocols, type)).to.equal(native);
    }
    expect(chooseReader(protocols, 'text/csv; charset=utf-8')).to.equal(csv);
    expect(() => chooseReader(protocols, 'application/xml'))
      .to.throw('Expected a body of the type application/json, text/csv')
      .that.deep.includes({ status: 415, headers: { accept: 'application/json, text/csv' } });
  });

  it('refuses two types for one body', () => {
    expect(chooseReader(protocols, 'text/csv,Text/CSV; charset=utf-8')).to.equal(csv);
    for (const type of ['text/csv, application/json', 'application/json,', 'text/csv; header=present,text/plain']) {
      expect(() => chooseReader(protocols, type), type).to.throw('Expected one content-type, got several that differ');
    }
  });

  it("chooses the answer's type by Accept", () => {
    expect(chooseWriter(protocols, undefined)).to.equal(native);
    expect(chooseWriter(protocols, 'text/csv')).to.equal(csv);
    expect(() => chooseWriter(protocols, 'image/png'))
      .to.throw('Expected to answer as one of application/json, text/csv')
      .with.property('status', 406);
  });
});
