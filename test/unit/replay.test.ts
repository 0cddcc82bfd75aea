import { expect } from 'chai';
import fc from 'fast-check';

describe('a property that fails', () => {
  it("says how to replay its smallest input, by its test's name", () => {
    const property = fc.property(fc.nat(), (number) => number < 5);
    expect(() => fc.assert(property)).to.throw(
      /Counterexample: \[5\][\s\S]*FUZZ_SEED=-?\d+ FUZZ_PATH=[\d:]+ npx mocha test\/unit\/replay\.test\.ts -f 'a property that fails says how to replay its smallest input, by its test'\\''s name'/,
    );
  });
});
