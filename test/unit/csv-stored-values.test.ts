import { expect } from 'chai';
import { createStoredValues } from '../../functions/core/csv/stored-values.ts';

describe('the cached values of a column', () => {
  it('are found only by the same bytes', () => {
    const stored = createStoredValues();
    const keys = Array.from({ length: 2000 }, (_, index) => Buffer.from(`-${index}`));
    for (const key of keys) stored.keep(key, 1, key.length, key.toString());
    const found = keys.filter((key) => stored.find(key, 1, key.length) !== undefined);
    // The texts go to most of the 256 places, so that a few texts rarely replace each other.
    expect(found).to.have.length.within(200, 256);
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

  it('are kept for texts of up to 24 bytes, wherever the text begins', () => {
    const stored = createStoredValues();
    const bytes = Buffer.from(`${'-'.repeat(100)}${'a'.repeat(25)}`);
    stored.keep(bytes, 100, 125, 'of 25');
    expect(stored.find(bytes, 100, 125)).to.equal(undefined);
    stored.keep(bytes, 100, 124, 'of 24');
    expect(stored.find(bytes, 100, 124)).to.equal('of 24');
  });

  it('are not found for a text that was never kept, even if it is long and consists of NULs', () => {
    const stored = createStoredValues();
    for (let length = 0; length < 600; length += 1) {
      expect(stored.find(Buffer.alloc(length), 0, length), String(length)).to.equal(undefined);
    }
  });

  it('stay if longer texts are skipped', () => {
    const stored = createStoredValues();
    const bytes = Buffer.from('a');
    stored.keep(bytes, 0, 1, 'short');
    for (let index = 0; index < 2000; index += 1) stored.keep(Buffer.from(`${index}`.padEnd(25)), 0, 25, 'long');
    expect(stored.find(bytes, 0, 1)).to.equal('short');
  });

  it('stay if a text in another place is kept, whatever byte comes after that text', () => {
    const stored = createStoredValues();
    const bytes = Buffer.from('a');
    for (let index = 0; index < 2000; index += 1) {
      const other = Buffer.from(`${String(index).padStart(24)},`);
      stored.keep(other, 0, 24, index);
      stored.keep(bytes, 0, 1, 'short');
      // The two have different places if the second did not replace the first.
      if (stored.find(other, 0, 24) === undefined) continue;
      stored.keep(other, 0, 24, index);
      expect(stored.find(bytes, 0, 1), String(index)).to.equal('short');
    }
  });
});
