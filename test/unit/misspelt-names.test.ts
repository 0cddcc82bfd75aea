import { expect } from 'chai';
import fc from 'fast-check';
import { findColumns } from '../../functions/core/model/header.ts';
import {
  describeUnknown,
  maxNameShown,
  nameMost,
  problemWithLack,
  suggest,
  toAlikes,
} from '../../functions/core/model/names.ts';
import { manifestOf } from '../helpers/manifest.ts';

const featuresOf = (names: readonly string[], nullable = false) =>
  manifestOf(
    names.map((name) => ({ name, dtype: 'float64', nullable })),
    'float64',
  ).features;

describe('an unknown column', () => {
  const features = featuresOf(['income', 'age']);
  const advise = (name: string) => `leave ${name} out`;

  it('is named, with advice unless a feature has a similar name', () => {
    expect(describeUnknown('x', features)).to.equal('the model has no feature "x"');
    expect(describeUnknown('x', features, { advise })).to.equal('the model has no feature "x"; leave x out');
    expect(describeUnknown('incom', features, { advise })).to.equal(
      'the model has no feature "incom"; did you mean "income"?',
    );
  });

  it('is not named if its name is no string, or longer than errors may be', () => {
    expect(describeUnknown(1, features, { advise })).to.equal('the model has no feature of this name');
    const longest = 'x'.repeat(maxNameShown);
    expect(describeUnknown(longest, features)).to.equal(`the model has no feature "${longest}"`);
    expect(describeUnknown(`${longest}x`, features)).to.equal('the model has no feature with a name of 201 characters');
  });

  it('without a name is explained by the index that pandas writes', () => {
    expect(describeUnknown('', features, { advise })).to.equal(
      'a column without a name; pandas writes its index as one unless you call to_csv(index=False)',
    );
  });
});

/** The number of letters to replace, add or remove to make one text the other, by the textbook's table. */
function levenshtein(a: string, b: string): number {
  const table = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const above = table[row - 1] as number[];
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (above[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    table.push(current);
  }
  return table[a.length]?.[b.length] as number;
}

describe('a similar name', () => {
  const isSimilarToAny = (name: string, others: readonly string[]) => suggest(name, others) !== '';
  const isSimilar = (name: string, other: string) => isSimilarToAny(name, [other]);

  it('differs in at most two letters', () => {
    expect(isSimilar('monthly_income_in_total', 'monthly_incomes_of_total')).to.equal(false);
    expect(isSimilar('monthly_income_in_total', 'monthly_incomes_on_total')).to.equal(true);
  });

  it('differs in at most a quarter of the letters of the longer name', () => {
    expect(isSimilar('abcd', 'abcx')).to.equal(true);
    expect(isSimilar('abc', 'abx')).to.equal(false);
    expect(isSimilar('abcd', 'wxyz')).to.equal(false);
    expect(isSimilar('abcdefx', 'abcdefgh')).to.equal(true);
    expect(isSimilar('abcdefgh', 'abcdefx')).to.equal(true);
    expect(isSimilar('abcdxx', 'abcdef')).to.equal(false);
  });

  it('counts each letter that only one of the names has', () => {
    expect(isSimilar('abcdefghij', 'xxabcdefgh')).to.equal(false);
    expect(isSimilar('xxabcdefgh', 'abcdefghij')).to.equal(false);
    expect(isSimilar('abcdefghij', 'xabcdefghi')).to.equal(true);
  });

  it('is the most similar one, and of equally similar ones the first', () => {
    expect(suggest('abcdefgh', ['abcdefxy', 'abcdefgx', 'abcdefgy'])).to.equal('; did you mean "abcdefgx"?');
  });

  it('is one that the textbook table of Levenshtein distances calls near', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (name, other) => {
        const most = Math.min(2, Math.floor(Math.max(name.length, other.length) / 4));
        expect(isSimilar(name, other)).to.equal(levenshtein(name, other) <= most);
      }),
    );
  });

  it('is looked for among long names in time', () => {
    const long = (index: number) => `${'n'.repeat(190)}${String(index).padStart(10, '0')}`;
    const others = Array.from({ length: 1000 }, (_, index) => long(index));
    const names = Array.from({ length: 1000 }, (_, index) => long(index).replace(/^nnnn/, 'mmmm'));
    expect(names.filter((name) => isSimilarToAny(name, others))).to.deep.equal([]);
  });

  it('is not longer than an error may quote', () => {
    const longest = 'x'.repeat(maxNameShown);
    expect(suggest(longest, [longest])).to.equal(`; did you mean "${longest}"?`);
    expect(suggest(longest, [`${longest}x`])).to.equal('');
  });

  it('is looked for among the first thousand only', () => {
    const others = Array.from({ length: 999 }, (_, index) => `${index}`);
    expect(suggest('income', [...others, 'Income'])).to.equal('; did you mean "Income"?');
    expect(suggest('income', [...others, 'other', 'Income'])).to.equal('');
    expect(describeUnknown('income', featuresOf([...others, 'other', 'Income']))).to.equal(
      'the model has no feature "income"',
    );
  });
});

describe('names of columns', () => {
  it('are those of the features if at least half of the features are among them', () => {
    const features = featuresOf(['Income', 'age', 'region', 'plan']);
    expect(nameMost(['income', 'AGE '], features)).to.equal(true);
    expect(nameMost(['income', 7, null, 'x', 'y'], features)).to.equal(false);
    expect(nameMost(['x', 'y', 'z', 'age', 'plan', 'region'], features)).to.equal(true);
    expect(nameMost([3, 4], featuresOf(['3', '4']))).to.equal(true);
  });
});

describe('a feature that is left out', () => {
  const problem = (nullable: boolean, unknown: readonly unknown[], namesSome: boolean, fillsMissing?: boolean) => {
    const [feature] = featuresOf(['Income'], nullable);
    const leniency = fillsMissing === undefined ? {} : { fillsMissing };
    return feature && problemWithLack(feature, toAlikes(unknown), namesSome, leniency);
  };

  it('is missing if the protocol fills no gaps', () => {
    expect(problem(true, [], true)).to.equal('missing feature "Income"');
    expect(problem(true, ['income'], true, false)).to.equal('missing feature "Income"');
  });

  it('becomes a missing value if it is nullable and the request names some feature', () => {
    expect(problem(true, ['other', 1, null], true, true)).to.equal(undefined);
    expect(problem(true, [], false, true)).to.equal('missing feature "Income"');
    expect(problem(false, ['other'], true, true)).to.equal('missing feature "Income"');
    expect(problem(false, [], false, true)).to.equal('missing feature "Income"');
  });

  it('does not become a missing value if a column has almost its name', () => {
    expect(problem(true, ['x', 'in-come'], true, true)).to.equal('missing feature "Income"; "in-come" is not its name');
    expect(problem(false, [2, ' INCOME'], false, true)).to.equal('missing feature "Income"; " INCOME" is not its name');
    const long = `in${' '.repeat(1000)}come`;
    expect(problem(true, [long], true, true)).to.equal(
      'missing feature "Income"; a name of 1006 characters is not its name',
    );
  });

  it('is looked for among thousands of long names in time', () => {
    const features = featuresOf([...Array(10_000).keys()].map(String), true);
    const names = ['0', ...[...Array(10_000).keys()].map((index) => `${'n'.repeat(2000)}${index}`)];
    const leniency = { fillsMissing: true, ignores: () => true };
    const found = findColumns(names, features, '', () => '', leniency);
    expect(found).to.deep.equal([0, ...Array(9999).fill(-1)]);
  });
});
