import { expect } from 'chai';
import { createStoredValues } from '../../functions/core/csv/stored-values.ts';

describe('the values that are kept of a column', () => {
  it('are found under the very bytes that they were kept under, or not at all', () => {
    const stored = createStoredValues();
    const keys = Array.from({ length: 2000 }, (_, index) => Buffer.from(`-${index}`));
    for (const key of keys) stored.keep(key, 1, key.length, key.toString());
    const found = keys.filter((key) => stored.find(key, 1, key.length) !== undefined);
    expect(found).to.have.length.within(1, 256);
    for (const key of found) expect(stored.find(key, 1, key.length)).to.equal(key.toString());
  });

  it('are found where they were kept last, short as they are', () => {
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
