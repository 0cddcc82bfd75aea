import { expect } from 'chai';
import {
  findKeptPositions,
  noColumnToKeep,
  problemsWithNames,
  refuseColumns,
} from '../../functions/batch/formats/column-names.ts';
import { createRowProblems, toReasons } from '../../functions/batch/formats/row-problems.ts';
import type { Feature } from '../../functions/core/model/manifest.ts';

const toFeatures = (...names: string[]) => names.map((name) => ({ name })) as unknown as Feature[];
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `feature number ${index}`);

describe('the columns of a table', () => {
  it('may be in any order, with further ones beside the features', () => {
    expect(problemsWithNames(['id', 'b', 'a'], toFeatures('a', 'b'))).to.deep.equal([]);
    expect(() => refuseColumns([])).not.to.throw();
  });

  it('are refused with the names of missing and repeated features', () => {
    const problems = problemsWithNames(['Income', 'age', 'age', 'id', 'id'], toFeatures('income', 'age', 'zip'));
    expect(problems).to.deep.equal([
      'missing feature "income"; did you mean "Income"?',
      'missing feature "zip"',
      'the column "age" occurs more than once',
    ]);
    expect(() => refuseColumns(problems)).to.throw(`The columns do not fit the model: ${problems.join('; ')}`);
  });

  it('are refused with the first ten problems and the number of the others', () => {
    const problems = problemsWithNames(['id'], toFeatures(...numbered(12)));
    expect(problems).to.have.length(12);
    expect(() => refuseColumns(problems)).to.throw(/"feature number 9"; and 2 more$/);
  });

  it('are refused, with the most similar name, if a column to keep does not exist', () => {
    const { name, message } = noColumnToKeep('The input', 'Region', ['region', 'id']);
    expect(`${name}: ${message}`).to.equal(
      'InvalidJob: The input has no column "Region" that could be kept; did you mean "region"?',
    );
    expect(() => findKeptPositions(['id'], ['idd'])).to.throw(/"idd" that could be kept$/);
    expect(findKeptPositions(['a', 'b', 'c'], ['c', 'a'])).to.deep.equal([2, 0]);
    expect(() => findKeptPositions(['a', 'b', 'a'], 'all')).to.throw('more than one column "a": keep other columns');
    expect(noColumnToKeep('The input', 'x', ['region']).message).to.match(/that could be kept$/);
  });
});

describe('the problems of a row', () => {
  it('are collected for each row, with pointers into the row', () => {
    const { found, add, addAll } = createRowProblems();
    add(2, 'expected a number, got a string', 'a/b');
    add(2, 'missing feature "c"');
    addAll(5, [{ pointer: '/0', detail: 'expected a number, got null' }]);
    expect([...found]).to.deep.equal([
      [
        2,
        [
          { pointer: '/a~1b', detail: 'expected a number, got a string' },
          { pointer: '', detail: 'missing feature "c"' },
        ],
      ],
      [5, [{ pointer: '/0', detail: 'expected a number, got null' }]],
    ]);
    expect(toReasons(found.get(2) ?? [])).to.equal('a/b: expected a number, got a string; missing feature "c"');
  });

  it('are written in one line: the first ten, and the number of the others', () => {
    const { found, add } = createRowProblems();
    for (let feature = 0; feature < 13; feature += 1) add(0, 'expected a number, got null', `f${feature}`);
    expect(toReasons(found.get(0) ?? [])).to.match(/^f0: expected .*; f9: expected a number, got null; and 3 more$/);
  });
});
