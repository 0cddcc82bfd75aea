import { expect } from 'chai';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { kindsOfAnswers, problemWith } from '../helpers/manifest.ts';

describe('parseManifest, for every kind of answer', () => {
  const kinds = kindsOfAnswers();
  const example = (prediction: object) => ({ examples: [{ instances: [[1, 2, 3, 4]], predictions: [prediction] }] });
  const unfitting: [string, string, object, RegExp][] = [
    [
      'a label that is not a class',
      'outlier detector',
      example({ label: 'rose', score: 1 }),
      /its label is not one of the classes/,
    ],
    [
      'a score for each of two classes',
      'classifier of two classes with a score',
      example({ label: 0, scores: { 0: -1, 1: 1 } }),
      /expected a score of each class \(of two classes, only the second\), and no other/,
    ],
    [
      'an answer without one of the targets',
      'classifier of several targets without probabilities',
      example({ labels: { colour: 'red' } }),
      /expected a label of each target, and no other/,
    ],
    [
      'a label that is a class of another target',
      'classifier of several targets without probabilities',
      example({ labels: { colour: 1, size: 1 } }),
      /its label is not one of the classes/,
    ],
    [
      'probabilities although the model has no output for them',
      'classifier of several targets without probabilities',
      example({ labels: { colour: 'red', size: 1 }, probabilities: {} }),
      /the model has no output probabilities/,
    ],
    [
      'a value for an unknown target',
      'regressor of several targets',
      example({ values: { height: 1, weight: 2, width: 3 } }),
      /expected a value of each target, and no other/,
    ],
    [
      'probabilities beside scores',
      'classifier with scores',
      { outputs: { label: 'label', scores: 'scores', probabilities: 'probabilities' } },
      /^outputs: expected probabilities or scores, got both$/,
    ],
    [
      'two targets with the same name',
      'regressor of several targets',
      { targets: ['height', 'height'].map((name) => ({ name, unit: null, baseline: null })) },
      /^targets: names must differ$/,
    ],
    // The test sets the label agreement to null if there are no changes.
    ['a label agreement of null', 'outlier detector', {}, /^parity\.label_agreement: null does not fit/],
  ];
  for (const [what, kind, changes, message] of unfitting) {
    it(`refuses ${what} for a ${kind}`, () => {
      const manifest = { ...(kinds[kind] as Manifest), ...changes };
      const { parity } = manifest;
      const document =
        Object.keys(changes).length > 0 ? manifest : { ...manifest, parity: { ...parity, label_agreement: null } };
      expect(problemWith(document)).to.match(message);
    });
  }

  it('refuses more tried thresholds than the total, and accepts a model that was not compared with an original', () => {
    const { parity, ...manifest } = readManifest();
    const withThresholds = (tried: number) => ({
      ...manifest,
      parity: { ...(parity as object), thresholds: { tried, total: 10 } },
    });
    expect(problemWith(withThresholds(10))).to.equal(undefined);
    expect(problemWith(withThresholds(11))).to.equal('parity.thresholds: 11 were tried of 10');
    expect(problemWith({ ...manifest, parity: null, memory_size: 1769 })).to.equal(undefined);
  });
});
