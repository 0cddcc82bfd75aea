import { expect } from 'chai';
import { createStoredValues } from '../../functions/core/csv/stored-values.ts';

describe('the cached values of a column', () => {
  it('are found only by the same bytes', () => {
    const stored = createStoredValues();
    const keys = Array.from({ length: 2000 }, (_, index) => Buffer.from(`-${index}`));
    for (const key of keys) stored.keep(key, 1, key.length, key.toString());
    const found = keys.filter((key) => stored.find(key, 1, key.length) !== undefined);
    expect(found).to.have.length.within(1, 256);
    for (const key of found) expect(stored.find(key, 1, key.length)).to.equal(key.toString());
  });

  it('are found by short and empty texts', () => {
    const stored = createStoredValues();
    const bytes = Buffer.from('Month-to-month');
    expect(stored.find(bytes, 0, 5)).to.equal(undefined);
    stored.keep(bytes, 0, 5, 'month');
    stored.keep(bytes, 0, 0, Number.NaN);
    expect(stored.find(bytes, 0, 5)).to.equal('month');
    expect(stored.find(bytes, 3, 3)).to.deep.equal(Number.NaN);
    expect(stored.find(bytes, 9, 14)).to.equal(undefined);
  });
});
