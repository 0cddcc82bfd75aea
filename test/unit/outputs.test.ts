import { expect } from 'chai';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import {
  classNamesOf,
  countNumbers,
  isSingle,
  outputsOf,
  rangesByTarget,
  targetsOf,
  toClassOfTarget,
  toShown,
} from '../../functions/core/model/outputs.ts';
import { readManifest } from '../helpers/files.ts';
import { clustersManifest, kindsOfAnswers, regressorManifest, targetsManifest } from '../helpers/manifest.ts';

const kindsOfModels = (): Readonly<Record<string, Manifest>> => ({
  ...kindsOfAnswers(),
  'classifier with probabilities': parseManifest(readManifest()),
  regressor: regressorManifest(),
});

/** A new manifest each time, because outputs are computed only once for a manifest. */
function manifestOf(kind: string): Manifest {
  const manifest = kindsOfModels()[kind];
  if (!manifest) throw new Error(`no kind ${kind}`);
  return manifest;
}

/** The names of each output's columns, as tables have them. */
const namesOf = (kind: string) =>
  Object.fromEntries(outputsOf(manifestOf(kind)).map(({ field, columns }) => [field, columns.map(({ name }) => name)]));

describe("the outputs of a row's answer", () => {
  const names: Readonly<Record<string, ReturnType<typeof namesOf>>> = {
    'classifier with probabilities': { label: ['label'], probabilities: ['setosa', 'versicolor', 'virginica'] },
    'classifier with scores': { label: ['label'], scores: ['a', 'b', 'c'] },
    'classifier of two classes with a score': { label: ['label'], scores: [1] },
    'classifier without either': { label: ['label'] },
    'classifier of several targets': {
      labels: ['colour', 'size'],
      probabilities: ['colour:red', 'colour:blue', 'size:1', 'size:2', 'size:3'],
    },
    'classifier of several targets without probabilities': { labels: ['colour', 'size'] },
    regressor: { value: ['value'] },
    'regressor of several targets': { values: ['height', 'weight'] },
    'outlier detector': { label: ['label'], score: ['score'] },
    'clusterer with distances': { label: ['label'], distances: [0, 1, 2] },
    mixture: { label: ['label'], probabilities: [0, 1] },
    'clusterer without either': { label: ['label'] },
  };
  for (const kind of Object.keys(kindsOfModels())) {
    it(`have a column for each value: ${kind}`, () => {
      expect(namesOf(kind)).to.deep.equal(names[kind]);
    });

    it(`have classes in the columns of labels only: ${kind}`, () => {
      const manifest = manifestOf(kind);
      const ofTargets = targetsOf(manifest).map(({ classes }) => classes);
      for (const output of outputsOf(manifest)) {
        const none = output.columns.map(() => []);
        expect(output.columns.map(({ classes }) => classes)).to.deep.equal(output.kind === 'labels' ? ofTargets : none);
      }
    });
  }

  it("have a path to each number: its target's name, if the manifest lists targets, and its class", () => {
    const [, probabilities] = outputsOf(manifestOf('classifier of several targets'));
    expect(probabilities?.columns.map(({ path, target }) => [...path, target])).to.deep.equal([
      ['colour', 'red', 0],
      ['colour', 'blue', 0],
      ['size', '1', 1],
      ['size', '2', 1],
      ['size', '3', 1],
    ]);
    const [, scores] = outputsOf(manifestOf('classifier of two classes with a score'));
    expect(scores?.columns.map(({ path }) => path)).to.deep.equal([['1']]);
  });

  it('are one value per row, or a list', () => {
    const single = (kind: string) =>
      Object.fromEntries(outputsOf(manifestOf(kind)).map((output) => [output.field, isSingle(output)]));
    expect(single('classifier with probabilities')).to.deep.equal({ label: true, probabilities: false });
    expect(single('classifier with scores')).to.deep.equal({ label: true, scores: false });
    expect(single('classifier of two classes with a score')).to.deep.equal({ label: true, scores: true });
    expect(single('classifier of several targets')).to.deep.equal({ labels: false, probabilities: false });
    expect(single('regressor')).to.deep.equal({ value: true });
    expect(single('regressor of several targets')).to.deep.equal({ values: false });
    expect(single('outlier detector')).to.deep.equal({ label: true, score: true });
    expect(single('clusterer without either')).to.deep.equal({ label: true });
    const ofOneCluster = clustersManifest(1, 'distances');
    const [, distances] = outputsOf(ofOneCluster);
    expect(distances && isSingle(distances)).to.equal(false);
  });

  it('have numbers that are counted without the labels', () => {
    expect(countNumbers(manifestOf('classifier of several targets'))).to.equal(5);
    expect(countNumbers(manifestOf('classifier of two classes with a score'))).to.equal(1);
    expect(countNumbers(manifestOf('clusterer without either'))).to.equal(0);
  });

  it('have adjacent columns for each target', () => {
    const ranges = (kind: string) => outputsOf(manifestOf(kind)).map(rangesByTarget);
    expect(ranges('classifier with probabilities')).to.deep.equal([[[0, 1]], [[0, 3]]]);
    expect(ranges('classifier of several targets')).to.deep.equal([
      [
        [0, 1],
        [1, 2],
      ],
      [
        [0, 2],
        [2, 5],
      ],
    ]);
  });
});

describe('the name of a class', () => {
  it("has its target's name in front, as a JSON string if it could be misread", () => {
    expect(toClassOfTarget('colour', 'red')).to.equal('colour:red');
    expect(toClassOfTarget('size', 1)).to.equal('size:1');
    expect(toClassOfTarget('a:b', 'c')).to.equal('"a:b":c');
    expect(toClassOfTarget('"a"', 'c')).to.equal('"\\"a\\"":c');
    expect(toClassOfTarget('5" pipe', 'c')).to.equal('5" pipe:c');
  });

  it("has a target's name in front only if the manifest lists targets, even one", () => {
    const [label] = outputsOf(manifestOf('classifier without either'));
    expect(label?.columns.map(classNamesOf)).to.deep.equal([['false', 'true']]);
    const [labels] = outputsOf(targetsManifest([{ name: 'a:b', classes: ['c', 'd'] }]));
    expect(labels?.columns.map(classNamesOf)).to.deep.equal([['"a:b":c', '"a:b":d']]);
  });
});

describe('the targets of a model', () => {
  it('have classes only if the model answers labels', () => {
    expect(targetsOf(manifestOf('regressor')).map(({ classes }) => classes)).to.deep.equal([[]]);
    expect(targetsOf(manifestOf('regressor of several targets')).map(({ classes }) => classes)).to.deep.equal([[], []]);
    expect(targetsOf(manifestOf('classifier of several targets')).map(({ classes }) => classes)).to.deep.equal([
      ['red', 'blue'],
      [1, 2, 3],
    ]);
  });

  it('have a name, unless the model finds outliers or clusters', () => {
    const names = (kind: string) => targetsOf(manifestOf(kind)).map(({ name, unit }) => [name, unit]);
    expect(names('classifier with scores')).to.deep.equal([['species', null]]);
    expect(names('regressor of several targets')).to.deep.equal([
      ['height', 'cm'],
      ['weight', 'cm'],
    ]);
    expect(names('outlier detector')).to.deep.equal([[undefined, null]]);
    expect(names('mixture')).to.deep.equal([[undefined, null]]);
  });
});

describe('the outputs that an answer shows', () => {
  const shown = (kind: string, isOfLabelsAlone: boolean) => {
    const { outputs, hidden } = toShown(manifestOf(kind), isOfLabelsAlone);
    return [outputs.map(({ field }) => field), hidden.map(({ field }) => field)];
  };

  it('are all of them, or the labels alone', () => {
    expect(shown('outlier detector', false)).to.deep.equal([['label', 'score'], []]);
    expect(shown('outlier detector', true)).to.deep.equal([['label'], ['score']]);
    expect(shown('classifier of several targets', true)).to.deep.equal([['labels'], ['probabilities']]);
  });

  it('are all of them if the model has no labels', () => {
    expect(shown('regressor', true)).to.deep.equal([['value'], []]);
  });
});
