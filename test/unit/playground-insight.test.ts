import { expect } from 'chai';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { fromHash, toHash } from '../../functions/playground/address/row-hash.ts';
import { type Explained, rank, toAccount } from '../../functions/playground/insight/explanation.ts';
import { type Subject, subjectOf, subjectsOf } from '../../functions/playground/insight/subjects.ts';
import { toRange } from '../../functions/playground/insight/sweep-curve.ts';
import { canSweep, toSweep } from '../../functions/playground/insight/sweep-values.ts';
import { toPushes } from '../../functions/playground/insight/why-pushes.ts';
import type { Feature, PublicManifest, Row } from '../../functions/playground/model.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';

const iris = readManifest() as unknown as PublicManifest;
const method = { name: 'exact', background: 10 };
const explained: Explained = {
  label: 'setosa',
  probabilities: { setosa: 0.9, versicolor: 0.1, virginica: 0 },
  base: { setosa: 0.3, versicolor: 0.4, virginica: 0.3 },
  contributions: {
    setosa: { sepal_length: 0.1, sepal_width: 0, petal_length: -0.2, petal_width: 0.7 },
    versicolor: { sepal_length: -0.3, sepal_width: 0, petal_length: 0, petal_width: 0 },
    virginica: { sepal_length: -0.3, sepal_width: 0, petal_length: 0, petal_width: 0 },
  },
  standard_errors: { setosa: { sepal_length: 0.07, sepal_width: 0, petal_length: 0, petal_width: 0 } },
  method,
};
const named = (subjects: readonly Subject[], name: string) => subjects.find((one) => one.name === name) as Subject;

describe('the subject of an explanation on the page', () => {
  it('is any number of an answer, by default that of its label', () => {
    const subjects = subjectsOf(iris);
    expect(subjects.map(({ name }) => name)).to.deep.equal(['setosa', 'versicolor', 'virginica']);
    expect(subjectOf(explained, subjects)?.name).to.equal('setosa');
    expect(subjects.map(({ read }) => read(explained))).to.deep.equal([0.9, 0.1, 0]);
  });

  it('is the value of a regressor, with its unit', () => {
    const manifest = { ...regressorManifest(), target: { name: 'dose', unit: 'mg', baseline: null } };
    const [value, ...others] = subjectsOf(manifest as PublicManifest);
    expect(others).to.deep.equal([]);
    expect([
      value?.name,
      value?.read({ value: 7 }),
      value?.format(7),
      value?.formatChange(-0.5),
      value?.unit,
    ]).to.deep.equal(['', 7, '7 mg', '\u22120.5', ' mg']);
    const answer = { value: 7, base: 5, contributions: { a: 2 }, method };
    expect(toAccount(answer, value as Subject)).to.deep.equal({
      base: 5,
      contributions: new Map([['a', 2]]),
      errors: new Map(),
    });
  });

  it('is whether an answer has a certain label, if answers have no numbers', () => {
    const subjects = subjectsOf({ ...iris, outputs: { label: 'label' } } as PublicManifest);
    const answer: Prediction = { label: 'virginica' };
    expect(subjects.map(({ read }) => read(answer))).to.deep.equal([0, 0, 1]);
    const answered = subjectOf(answer, subjects);
    expect([answered?.name, answered?.format(1), answered?.format(0)]).to.deep.equal([
      'virginica',
      'virginica',
      'not virginica',
    ]);
  });

  it("is by default the number of the first target's label, if there are several targets", () => {
    const targets = [
      { name: 'colour', classes: ['red', 'blue'] },
      { name: 'size', classes: ['small', 'large'] },
    ];
    const { classes: _classes, target: _target, ...manifest } = readManifest();
    const outputs = { labels: 'label', probabilities: 'probabilities' };
    const subjects = subjectsOf({ ...manifest, targets, outputs } as unknown as PublicManifest);
    expect(subjects.map(({ name }) => name)).to.deep.equal([
      'colour: red',
      'colour: blue',
      'size: small',
      'size: large',
    ]);
    expect(subjectOf({ labels: { colour: 'blue', size: 'small' } }, subjects)?.name).to.equal('colour: blue');
  });
});

describe('reasons on the page', () => {
  const subjects = subjectsOf(iris);
  const setosa = named(subjects, 'setosa');

  it('are the contributions to one number', () => {
    const account = toAccount(explained, setosa);
    expect(account.base).to.equal(0.3);
    expect(rank(account).map(([name]) => name)).to.deep.equal([
      'petal_width',
      'petal_length',
      'sepal_length',
      'sepal_width',
    ]);
    expect(toAccount(explained, named(subjects, 'versicolor')).contributions.get('sepal_length')).to.equal(-0.3);
  });

  it('have lengths relative to the strongest one, a sign and an error', () => {
    const pushes = toPushes(toAccount(explained, setosa), setosa);
    const [length, width, petal] = ['sepal_length', 'sepal_width', 'petal_length'].map((name) => pushes.get(name));
    expect(pushes.get('petal_width')).to.deep.equal({
      length: 1,
      error: 0,
      text: '+70.0',
      unit: ' points',
      title: 'petal width: +70.0 points',
    });
    expect(length?.length).to.be.closeTo(1 / 7, 1e-12);
    expect(length?.error).to.be.closeTo(0.1, 1e-12);
    expect(length?.title).to.equal('sepal length: +10.0 points, standard error 7.0 points');
    expect([width?.text, petal?.text]).to.deep.equal(['0.0', '\u221220.0']);
  });

  it('do not fill the bars if no feature matters', () => {
    const contributions = { setosa: { sepal_length: 0.001 } };
    const pushes = toPushes(toAccount({ ...explained, contributions }, setosa), setosa);
    expect(pushes.get('sepal_length')?.length).to.equal(0.05);
  });
});

describe('a feature over its range', () => {
  const of = (column: Parameters<typeof manifestOf>[0][number]) =>
    manifestOf([column, { name: 'other', dtype: 'float64' }]).features[0] as Feature;

  it('covers the training range, and a current value beyond it', () => {
    const [length] = iris.features as [Feature];
    const { values, axis } = toSweep(length, 5);
    expect([values.length, values[0], values.at(-1), axis?.ends]).to.deep.equal([40, 4.3, 7.9, ['4.3', '7.9 cm']]);
    expect([axis?.place(6.1)?.toFixed(3), axis?.place(null), axis?.at(0.5)]).to.deep.equal(['0.500', undefined, 6.1]);
    expect(toSweep(length, 10).values.at(-1)).to.equal(10);
    expect(toSweep(length, null).values.at(-1)).to.equal(7.9);
  });

  it('has each whole number once', () => {
    const { values } = toSweep(of({ name: 'x', dtype: 'int64' }), 5);
    expect(values).to.deep.equal([4, 5, 6, 7, 8]);
  });

  it('has the categories, the current value and the missing value', () => {
    const feature = of({ name: 'x', dtype: 'string', categories: ['a', 'b'], nullable: true });
    expect(toSweep(feature, 'b').values).to.deep.equal(['a', 'b', null]);
    expect(toSweep(feature, 'new').values).to.deep.equal(['a', 'b', 'new', null]);
    const many = of({ name: 'x', dtype: 'string', categories: Array.from({ length: 100 }, (_, index) => `c${index}`) });
    const { values, leftOut } = toSweep(many, 'c99');
    expect([values.length, values.at(-1), leftOut]).to.deep.equal([11, 'c99', 89]);
  });

  it("has times in the API's format", () => {
    const feature = of({ name: 'x', dtype: 'timestamp', timezone: 'UTC' });
    const { values, axis } = toSweep(feature, '2022-01-01T00:00:00Z');
    expect([values[0], values.at(-1)]).to.deep.equal(['2020-01-01T00:00:00Z', '2024-01-01T00:00:00Z']);
    expect(axis?.place('2022-01-01T00:00:00Z')).to.be.closeTo(0.5, 0.001);
  });

  it('is shown only if the values to try are known', () => {
    expect(canSweep(of({ name: 'x', dtype: 'string', categories: null }))).to.equal(false);
    expect(canSweep(of({ name: 'x', dtype: 'bool' }))).to.equal(true);
    expect(canSweep({ ...of({ name: 'x', dtype: 'float64' }), baseline: null } as Feature)).to.equal(false);
  });

  it('is drawn from 0 to 1 for shares, and over their range for other numbers', () => {
    const sweep = toSweep(iris.features[0] as Feature, 5);
    const setosa = named(subjectsOf(iris), 'setosa');
    const mark = { value: 5, number: 9 };
    expect(toRange({ sweep, numbers: [0.4, 0.6], subject: setosa }, mark)).to.deep.equal([0, 1]);
    expect(toRange({ sweep, numbers: [3, 4], subject: { ...setosa, isShare: false } }, mark)).to.deep.equal([3, 9]);
  });
});

describe('a row in an address', () => {
  const features = manifestOf([
    { name: 'amount', dtype: 'float64', nullable: true },
    { name: 'city', dtype: 'string', categories: ['Köln, "K"'], unknown: 'rejected' },
    { name: 'isNew', dtype: 'bool' },
    { name: 'at', dtype: 'timestamp' },
  ]).features as readonly Feature[];
  const row: Row = [1.5, 'Köln, "K"', true, '2022-01-01T00:00:00'];

  it('is JSON, and is read back unchanged', () => {
    expect(fromHash(`#${toHash(row)}`, features)).to.deep.equal(row);
    expect(toHash([5, 3.4, null])).to.equal('[5,3.4,null]');
    expect(fromHash(`#${toHash(row.with(0, null))}`, features)).to.deep.equal(row.with(0, null));
  });

  it('is ignored if it does not fit the model', () => {
    const others = [
      [1.5],
      row.with(0, '1'),
      row.with(1, 'Bonn'),
      row.with(1, null),
      row.with(2, 1),
      row.with(3, 4),
      {},
      7,
    ];
    for (const other of others) {
      expect(fromHash(`#${encodeURIComponent(JSON.stringify(other))}`, features), JSON.stringify(other)).to.equal(
        undefined,
      );
    }
    for (const hash of ['', '#', '#%', '#[1']) expect(fromHash(hash, features)).to.equal(undefined);
  });

  it('is left out if it is too long', () => {
    expect(toHash(['x'.repeat(7990)])).to.have.length(7998);
    expect(toHash(['x'.repeat(8000)])).to.equal(undefined);
  });
});
