import { expect } from 'chai';
import fc from 'fast-check';
import { toShortest } from '../../functions/core/numbers/float32.ts';

describe('the shortest decimal of a float32', () => {
  for (const decimal of [0, 0.1, -2.5, 1e30, 0.1234567, 0.12345679, 0.112156875, 1.4013e-45, 3.4028235e38]) {
    it(`is ${decimal}`, () => {
      expect(toShortest(Math.fround(decimal))).to.equal(decimal);
    });
  }

  it('rounds to the same float32, and has at most nine digits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (float32) => {
        const decimal = toShortest(float32);
        expect(Math.fround(decimal)).to.equal(float32);
        expect(Number(decimal.toPrecision(9))).to.equal(decimal);
      }),
    );
  });
});
