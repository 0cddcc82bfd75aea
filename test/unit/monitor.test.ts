import { expect } from 'chai';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import { createMonitor } from '../../functions/predict/telemetry/monitor.ts';
import {
  manifestOf,
  mixedManifest,
  outliersManifest,
  regressorManifest,
  type TestColumn,
  targetsManifest,
} from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';

const thresholds = { lowConfidence: 0.6, driftWindowRows: 0 };
const feedsOf = (manifest: Manifest, rows: readonly unknown[]) =>
  toFeeds(
    fromRows(rows, () => ''),
    manifest,
    defaultLimits,
  );

/**
 * Predictions with these labels. `confidence` has the largest probability of each row, by default 1. A regressor gets
 * zeros as values.
 */
const answers = (manifest: Manifest, labels: readonly string[], confidence: readonly number[] = []): Predictions => {
  if (!('classes' in manifest)) return predictionsOf(manifest, { value: labels.map(() => 0) });
  const { classes } = manifest;
  const others = new Array<number>(classes.length - 1).fill(0);
  const probabilities = labels.flatMap((_, row) => [...others, confidence[row] ?? 1]);
  return predictionsOf(manifest, { label: labels.map((label) => classes.indexOf(label)), probabilities });
};
const observe = (manifest: Manifest, rows: readonly unknown[]) =>
  createMonitor(manifest, thresholds)(
    feedsOf(manifest, rows),
    answers(
      manifest,
      rows.map(() => 'setosa'),
    ),
  );

// The baseline of the helper's columns is a range from 4.3 to 7.9.
describe('createMonitor', () => {
  it('counts a row once, however many of its numbers are out of range', () => {
    const manifest = manifestOf([
      { name: 'a', dtype: 'float64' },
      { name: 'b', dtype: 'float64' },
    ]);
    const rows = [
      [4.3, 7.9],
      [4.2, 5],
      [5, 8],
      [0, 100],
    ];
    expect(observe(manifest, rows)).to.include({ outOfRange: 3, unseenCategories: 0 });
  });

  for (const input of ['float32', 'float64', undefined] as const) {
    it(`counts the ends of the range as inside, with ${input ?? 'an input for each feature'}`, () => {
      const columns: TestColumn[] = [
        { name: 'a', dtype: input === 'float32' ? 'float32' : 'float64' },
        { name: 'n', dtype: 'int64' },
      ];
      const manifest = manifestOf(columns, input);
      expect(
        observe(manifest, [
          [7.9, 5],
          [4.3, 7],
        ]).outOfRange,
      ).to.equal(0);
      expect(observe(manifest, [[7.91, 5], [4.3, 4], { a: 5, n: 8 }]).outOfRange).to.equal(3);
    });
  }

  it('reads an int64 tensor', () => {
    const manifest = manifestOf(
      [
        { name: 'n', dtype: 'int64' },
        { name: 'k', dtype: 'int64', categories: [1, 2] },
      ],
      'int64',
    );
    expect(
      observe(manifest, [
        [5, 1],
        [9, 2],
        [5, 3],
      ]),
    ).to.include({ outOfRange: 1, unseenCategories: 1 });
  });

  it('does not count any string as new if no categories are published', () => {
    const manifest = manifestOf([{ name: 'a', dtype: 'string', nullable: true, categories: null }]);
    expect(observe(manifest, [['x'], ['Infinity'], ['-1e999'], [null]])).to.include({
      outOfRange: 0,
      unseenCategories: 0,
    });
  });

  it('counts a row once, however many of its categories are new, and does not count missing values', () => {
    const manifest = manifestOf([
      { name: 'a', dtype: 'string', nullable: true, categories: ['x', 'y'] },
      { name: 'b', dtype: 'string', categories: ['x'] },
      { name: 'c', dtype: 'float64', nullable: true },
    ]);
    const rows = [
      ['x', 'x', 5],
      ['z', 'z', 5],
      ['z', 'x', 100],
      [null, 'x', null],
    ];
    expect(observe(manifest, rows)).to.include({ outOfRange: 1, unseenCategories: 2 });
  });

  it('does not check numeric categories against a range', () => {
    const manifest = manifestOf([{ name: 'a', dtype: 'int64', categories: [100, 200] }]);
    expect(observe(manifest, [[100], [200], [5]])).to.include({ outOfRange: 0, unseenCategories: 1 });
  });

  it('reads features of every type', () => {
    const row = { age: 5, income: 5, member: null, city: 'Wien', note: 'a' };
    const rows = [row, { ...row, note: 'c' }, { ...row, income: 9 }, { ...row, age: null, note: null }];
    expect(observe(mixedManifest(), rows)).to.include({ outOfRange: 1, unseenCategories: 1 });
  });

  it('counts rows whose largest probability is below the threshold', () => {
    const manifest = manifestOf([{ name: 'a', dtype: 'float64' }]);
    const feeds = feedsOf(manifest, [[5], [5], [5]]);
    const predictions = answers(manifest, ['setosa', 'setosa', 'virginica'], [0.59, 0.6, 0.9]);
    const observation = createMonitor(manifest, thresholds)(feeds, predictions);
    expect(observation.lowConfidence).to.equal(1);
    expect([...observation.classes]).to.deep.equal([
      ['setosa', 2],
      ['virginica', 1],
    ]);
  });

  it('counts the classes of each target with its name, and the rows that are unsure of any target', () => {
    const manifest = targetsManifest([
      { name: 'colour', classes: ['red', 'blue'] },
      { name: 'size', classes: [1, 2] },
    ]);
    const feeds = feedsOf(manifest, [
      [5, 3, 2, 1],
      [5, 3, 2, 1],
      [5, 3, 2, 1],
    ]);
    const probabilities = [0.9, 0.1, 0.55, 0.45, 0.2, 0.8, 0.1, 0.9, 0.1, 0.9, 0.2, 0.8];
    const predictions = predictionsOf(manifest, { labels: [0, 0, 1, 1, 1, 1], probabilities });
    const observation = createMonitor(manifest, thresholds)(feeds, predictions);
    expect([...observation.classes]).to.deep.equal([
      ['colour:red', 1],
      ['colour:blue', 2],
      ['size:1', 1],
      ['size:2', 2],
    ]);
    expect(observation.lowConfidence).to.equal(1);
  });

  it('distinguishes targets and classes whose joined names would be the same', () => {
    const manifest = targetsManifest([
      { name: 'a:b', classes: ['c', 'd'] },
      { name: 'a', classes: ['b:c', 'd'] },
    ]);
    const predictions = predictionsOf(manifest, { labels: [0, 0] });
    const observation = createMonitor(manifest, thresholds)(feedsOf(manifest, [[5, 3, 2, 1]]), predictions);
    expect([...observation.classes]).to.deep.equal([
      ['"a:b":c', 1],
      ['a:b:c', 1],
    ]);
  });

  it('names the first fifty classes of all targets, and counts the others together', () => {
    const classes = Array.from({ length: 40 }, (_, position) => `c${position}`);
    const manifest = targetsManifest([
      { name: 'a', classes },
      { name: 'b', classes },
    ]);
    const feeds = feedsOf(
      manifest,
      classes.map(() => [5, 3, 2, 1]),
    );
    const predictions = predictionsOf(manifest, { labels: classes.flatMap((_, position) => [position, position]) });
    const counts = createMonitor(manifest, thresholds)(feeds, predictions).classes;
    expect(counts.size).to.equal(51);
    expect(counts.get('b:c9')).to.equal(1);
    expect(counts.get('other')).to.equal(30);
  });

  it('counts classes but no confidence for outliers', () => {
    const manifest = outliersManifest();
    const predictions = predictionsOf(manifest, { label: [1, 0], score: [-1, 1] });
    const feeds = feedsOf(manifest, [
      [5, 3, 2, 1],
      [5, 3, 2, 1],
    ]);
    const observation = createMonitor(manifest, thresholds)(feeds, predictions);
    expect([...observation.classes]).to.deep.equal([
      ['inlier', 1],
      ['outlier', 1],
    ]);
    expect(observation).to.not.have.property('lowConfidence');
  });

  it('does not measure range and drift of a feature without a baseline, but finds its new categories', () => {
    const known = manifestOf([
      { name: 'a', dtype: 'float64' },
      { name: 'b', dtype: 'float64' },
      { name: 'c', dtype: 'string', categories: ['x', 'y'] },
      { name: 'd', dtype: 'string', categories: null, nullable: true },
    ]);
    const features = known.features.map((feature, index) => (index > 0 ? { ...feature, baseline: null } : feature));
    const manifest = { ...known, features } as Manifest;
    const feeds = feedsOf(manifest, [
      [5, 1e9, 'x', 'any'],
      [5, Number.MIN_VALUE, 'z', null],
    ]);
    const observation = createMonitor(manifest, { ...thresholds, driftWindowRows: 2 })(
      feeds,
      answers(manifest, ['setosa', 'setosa']),
    );
    expect(observation).to.include({ outOfRange: 0, unseenCategories: 1 });
    expect(observation.stability.map(({ feature }) => feature)).to.deep.equal(['a']);
  });

  it('counts neither classes nor confidence for a regression', () => {
    const manifest = regressorManifest();
    const observation = observe(manifest, [[5, 3, 2, 9]]);
    expect([...observation.classes]).to.deep.equal([]);
    expect(observation).to.not.have.property('lowConfidence');
    expect(observation).to.include({ outOfRange: 1 });
  });

  it('names the first 50 classes of the manifest in any order of predictions, and counts the rest together', () => {
    const manifest = manifestOf([{ name: 'a', dtype: 'float64' }]);
    const many = { ...manifest, classes: Array.from({ length: 60 }, (_, index) => String(index)) } as Manifest;
    const labels = Array.from({ length: 60 }, (_, index) => String(59 - index));
    const { classes } = createMonitor(many, thresholds)(
      feedsOf(
        many,
        labels.map(() => [5]),
      ),
      answers(many, labels),
    );
    expect(classes).to.have.property('size', 51);
    expect(classes.get('other')).to.equal(10);
    expect(classes.get('49')).to.equal(1);
    expect(classes.has('50')).to.equal(false);
  });

  describe('over a window', () => {
    const columns = (count: number) =>
      Array.from({ length: count }, (_, index): TestColumn => ({ name: `f${index}`, dtype: 'float64' }));
    const windowOf = (manifest: Manifest, driftWindowRows: number) => {
      const watch = createMonitor(manifest, { ...thresholds, driftWindowRows });
      return (rows: number, value: number) => {
        const instances = Array.from({ length: rows }, () => manifest.features.map(() => value));
        return watch(
          feedsOf(manifest, instances),
          answers(
            manifest,
            instances.map(() => 'setosa'),
          ),
        ).stability;
      };
    };

    it('reports each feature when the window is full, and starts again', () => {
      const manifest = manifestOf(columns(2), 'float64');
      const watch = windowOf(manifest, 10);
      expect(watch(9, 100)).to.deep.equal([]);
      const told = watch(1, 100);
      expect(told.map(({ feature }) => feature)).to.deep.equal(['f0', 'f1']);
      expect(watch(9, 5)).to.deep.equal([]);
      const [again] = watch(1, 5);
      expect(again).to.deep.equal(windowOf(manifest, 10)(10, 5)[0]);
      expect(again?.index).to.not.equal(told[0]?.index);
    });

    it('reports once for a request that is longer than the window', () => {
      expect(windowOf(manifestOf(columns(2), 'float64'), 10)(1000, 5)).to.have.length(2);
    });

    it('reports at most 50 features, and none if the window is turned off', () => {
      const manifest = manifestOf(columns(60), 'float64');
      expect(windowOf(manifest, 1)(1, 5).map(({ feature }) => feature)).to.deep.equal(
        manifest.features.slice(0, 50).map(({ name }) => name),
      );
      expect(windowOf(manifest, 0)(5000, 5)).to.deep.equal([]);
    });
  });
});
