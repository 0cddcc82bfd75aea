import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { DType, FeatureType } from '../../functions/core/model/tensor.ts';
import { readManifest } from '../helpers/files.ts';
import {
  clustersManifest,
  kindsOfAnswers,
  labelsManifest,
  manifestOf,
  outliersManifest,
  problemWith,
  regressorManifest,
  scoresManifest,
  targetsManifest,
  valuesManifest,
} from '../helpers/manifest.ts';

const iris = parseManifest(readManifest());
const numbers = manifestOf([
  { name: 'a', dtype: 'float64' },
  { name: 'b', dtype: 'float64' },
]);

describe('the inputs of model.json', () => {
  const inputsOf = (...widths: number[]) => ({
    ...numbers,
    inputs: widths.map((width, index) => ({ name: 'ab'[index] ?? 'c', dtype: 'float64', shape: [null, width] })),
  });

  it('are one matrix of all features, or one column for each', () => {
    expect(problemWith(inputsOf(2))).to.equal(undefined);
    expect(problemWith(inputsOf(1, 1))).to.equal(undefined);
    for (const widths of [[1], [3], [2, 1], [1, 2], [2, 2], [1, 1, 1]]) {
      expect(problemWith(inputsOf(...widths))).to.equal(
        `inputs: expected one of width 2 or 2 of width 1, got widths ${widths}`,
      );
    }
  });

  const types: readonly FeatureType[] = ['float32', 'float64', 'int64', 'bool', 'string', 'timestamp'];
  const held: readonly { input: DType; fitting: readonly FeatureType[]; nullable: readonly FeatureType[] }[] = [
    { input: 'float32', fitting: ['float32', 'int64', 'bool'], nullable: ['float32', 'int64', 'bool'] },
    {
      input: 'float64',
      fitting: ['float32', 'float64', 'int64', 'bool', 'timestamp'],
      nullable: ['float32', 'float64', 'int64', 'bool', 'timestamp'],
    },
    { input: 'int64', fitting: ['int64', 'bool'], nullable: [] },
    { input: 'bool', fitting: ['bool'], nullable: [] },
    { input: 'string', fitting: ['string'], nullable: ['string'] },
  ];
  /** The types of features that an input of this type is refused for. */
  const refusedBy = (input: DType, nullable: boolean) =>
    types.filter((dtype) => {
      const manifest = manifestOf([
        { name: 'a', dtype: 'float64' },
        { name: 'b', dtype, nullable },
      ]);
      const [first, second] = manifest.inputs;
      const problem = problemWith({ ...manifest, inputs: [first, { ...second, dtype: input }] });
      return problem === 'features.1: its values, or its nulls, do not fit into its input';
    });
  for (const { input, fitting, nullable } of held) {
    it(`of type ${input} hold ${fitting.join(', ')}${nullable.length > 0 ? ', and nulls' : ', but no nulls'}`, () => {
      expect(refusedBy(input, false)).to.deep.equal(types.filter((dtype) => !fitting.includes(dtype)));
      expect(refusedBy(input, true)).to.deep.equal(types.filter((dtype) => !nullable.includes(dtype)));
    });
  }

  it('hold every feature, if they are a matrix', () => {
    const [first, second] = numbers.features;
    const inputs = [{ name: 'X', dtype: 'float64', shape: [null, 2] }];
    const text = { ...second, dtype: 'string', baseline: null };
    expect(problemWith({ ...numbers, inputs, features: [first, text] })).to.match(/^features\.1: its values/);
  });

  it('have the names of their features', () => {
    const [first, second] = numbers.inputs;
    expect(problemWith({ ...numbers, inputs: [first, { ...second, name: 'c' }] })).to.equal(
      'features.1: its name differs from the name of its input in the model',
    );
  });

  it('have a name of their own for a text', () => {
    const tickets = JSON.parse(readFileSync('test/fixtures/texts/tickets/model.json', 'utf8')) as Manifest;
    // The third feature is a text. If its input were in the model, it could be called input 2.
    const rename = <T extends { name: string }>(part: T) => (part.name === 'age' ? { ...part, name: 'input 2' } : part);
    const { inputs, features } = tickets;
    expect(problemWith({ ...tickets, inputs: inputs.map(rename), features: features.map(rename) })).to.equal(
      'inputs: names must differ from those of other features',
    );
    const wide = inputs.map((input) => (input.name === 'input terms 3' ? { ...input, shape: [null, 2] } : input));
    expect(problemWith({ ...tickets, inputs: wide })).to.equal(
      'inputs: expected one of strings, of width 1 and called input terms 3, for an analyzer',
    );
  });

  it('may be terms of words whose pattern has one group, and is read with the flag u', () => {
    const reviews = JSON.parse(readFileSync('test/fixtures/texts/reviews/model.json', 'utf8'));
    const [feature] = reviews.features;
    const withPattern = (pattern: string) => {
      const analyzers = [{ ...feature.analyzers[0], pattern }];
      return problemWith({ ...reviews, features: [{ ...feature, analyzers }] });
    };
    expect(withPattern('(a)b')).to.equal(undefined);
    // Without the flag u, this would be the letter u, repeated 0 times.
    expect(withPattern('\\u{0}')).to.equal(undefined);
    // An escape that only the flag u refuses.
    expect(withPattern('a\\-')).to.equal(
      'features.0.analyzers.0.pattern: expected a regular expression of JavaScript for the flags gu',
    );
  });
});

describe('the statistics in model.json', () => {
  const distribution = { min: -100, max: 50, mean: 0, std: 10, deciles: [-90, -80, -70, -60, 0, 10, 20, 30, 40] };
  const problemOf = (changes: object) => {
    const [first, second] = numbers.features;
    const baseline = { missing: 0, ...distribution, ...changes };
    return problemWith({ ...numbers, features: [first, { ...second, baseline }] });
  };
  /** Rounding may move a number by 1e-9 of the largest of the range. */
  const [little, much] = [0.9e-7, 1.1e-7];

  it('may be left out', () => {
    const features = numbers.features.map((feature) => ({ ...feature, baseline: null }));
    expect(problemWith({ ...numbers, features })).to.equal(undefined);
  });

  it('have a minimum that is not above the maximum', () => {
    const zeros = { min: 0, max: 0, mean: 0, std: 0, deciles: Array(9).fill(0) };
    expect(problemOf(zeros)).to.equal(undefined);
    expect(problemOf({ ...zeros, min: 1e-12 })).to.equal('features.1.baseline: min is 1e-12 and max 0, which is less');
  });

  it('have deciles in order, apart from rounding', () => {
    const decilesOf = (first: number, last: number) => ({ deciles: [first, -80, -70, -60, 0, 10, 20, 30, last] });
    expect(problemOf(decilesOf(-100 - little, 50 + little))).to.equal(undefined);
    const problem = 'features.1.baseline.deciles: expected them in order, from min to max';
    expect(problemOf(decilesOf(-100 - much, 40))).to.equal(problem);
    expect(problemOf(decilesOf(-90, 50 + much))).to.equal(problem);
    expect(problemOf(decilesOf(-79, 40))).to.equal(problem);
    expect(problemOf(decilesOf(-90, 29))).to.equal(problem);
  });

  it('have a mean within the range, apart from rounding', () => {
    expect(problemOf({ mean: 50 + little })).to.equal(undefined);
    expect(problemOf({ mean: -100 - little })).to.equal(undefined);
    for (const mean of [50 + much, -100 - much]) {
      expect(problemOf({ mean })).to.equal(`features.1.baseline.mean: ${mean} is not between min and max`);
    }
  });

  it('have a standard deviation of at most half of the range, apart from rounding', () => {
    expect(problemOf({ std: 75 + little })).to.equal(undefined);
    expect(problemOf({ std: 75 + much })).to.equal(
      `features.1.baseline.std: ${75 + much} is more than half of the range`,
    );
  });

  it('of a timestamp are in the calendar, and fit each other', () => {
    const times = manifestOf([{ name: 'a', dtype: 'timestamp' }]);
    const [feature] = times.features;
    const problemOfTimes = (changes: object) => {
      return problemWith({ ...times, features: [{ ...feature, baseline: { ...feature?.baseline, ...changes } }] });
    };
    const beyond = /^features\.0\.baseline: expected a time from \d{4}-01-01 to \d{4}-12-31$/;
    expect(problemOfTimes({ min: -1e18 })).to.match(beyond);
    expect(problemOfTimes({ max: 1e18 })).to.match(beyond);
    expect(problemOfTimes({ mean: 0 })).to.match(/^features\.0\.baseline\.mean: 0 is not between min and max$/);
    expect(problemWith({ ...times, features: [{ ...feature, baseline: null }] })).to.equal(undefined);
    expect(problemOf({ min: -1e18, max: 1e18 })).to.equal(undefined);
  });

  it('of the targets fit each other, and the targets have names that differ', () => {
    const { targets, ...rest } = valuesManifest(['height', 'weight', 'age']) as Manifest & {
      targets: { baseline: object }[];
    };
    const [first, second, third] = targets;
    const bad = { ...third, baseline: { ...third?.baseline, max: 0 } };
    expect(problemWith({ ...rest, targets: [first, second, bad] })).to.match(/^targets\.2\.baseline: min is/);
    expect(problemWith({ ...rest, targets: [first, second, first] })).to.equal('targets: names must differ');
  });
});

describe('the categories in model.json', () => {
  const problemOf = (dtype: FeatureType, values: readonly unknown[], frequencies: readonly number[]) => {
    const manifest = manifestOf([
      { name: 'a', dtype: 'float64' },
      { name: 'b', dtype, categories: dtype === 'string' ? ['x', 'y'] : [0, 1] },
    ]);
    const [first, second] = manifest.features;
    const categories = { values, frequencies, unknown: 'accepted' };
    return problemWith({ ...manifest, features: [first, { ...second, categories }] });
  };

  it('have a frequency for each value', () => {
    const problem = 'features.1.categories: expected a frequency for each of 2 values, got';
    expect(problemOf('string', ['x', 'y'], [0.5])).to.equal(`${problem} 1`);
    expect(problemOf('string', ['x', 'y'], [0.5, 0.1, 0.1])).to.equal(`${problem} 3`);
  });

  it('have frequencies that sum to at most 1, apart from rounding', () => {
    expect(problemOf('string', ['x', 'y'], [0.1, 0.2])).to.equal(undefined);
    expect(problemOf('string', ['x', 'y'], [1, 1e-9])).to.equal(undefined);
    expect(problemOf('string', ['x', 'y'], [1, 2e-9])).to.match(/: its frequencies sum to 1\.000000002,/);
  });

  it('have values of the type of the feature', () => {
    const problem = (dtype: FeatureType) => `features.1.categories: its values are not of type ${dtype}`;
    const accepted: [FeatureType, number[]][] = [
      ['float32', [0.5, -3e38]],
      ['float64', [0.5, 1e300]],
      ['int64', [-3, 2 ** 53 - 1]],
      ['bool', [0, 1]],
    ];
    for (const [dtype, values] of accepted) expect(problemOf(dtype, values, [0.5, 0.5])).to.equal(undefined);
    const refused: [FeatureType, number[]][] = [
      ['float32', [0.5, 3.5e38]],
      ['int64', [0.5, 1]],
      ['bool', [0, -1]],
      ['bool', [0.5, 1]],
    ];
    for (const [dtype, values] of refused) expect(problemOf(dtype, values, [0.5, 0.5])).to.equal(problem(dtype));
  });
});

describe('the comparison with the original in model.json', () => {
  const { parity } = iris;
  const problemOf = (changes: object, manifest: Manifest = iris) =>
    problemWith({ ...manifest, parity: { ...manifest.parity, ...changes } });

  it('may be left out', () => {
    expect(problemWith({ ...iris, parity: null })).to.equal(undefined);
  });

  it('counts each row once', () => {
    expect(problemOf({ rows: 3, points: { training: 1, random: 2 } })).to.equal(undefined);
    expect(problemOf({ rows: 3, points: {} })).to.equal('parity.points: sum to 0, but rows is 3');
    expect(problemOf({ points: { ...parity?.points, other: 1 } })).to.equal(
      'parity.points: sum to 20001, but rows is 20000',
    );
  });

  it('may have a mismatch in every row, but no more', () => {
    expect(problemOf({ mismatches: 20_000 })).to.equal(undefined);
    expect(problemOf({ mismatches: 20_001 })).to.equal('parity.mismatches: 20001 are more than the 20000 rows');
  });

  it('has a tolerance of at most 0.001', () => {
    expect(problemOf({ tolerance: 0.001 })).to.equal(undefined);
    expect(problemOf({ tolerance: 0.0011 })).to.match(/^parity\.tolerance: 0\.0011 proves nothing/);
  });

  it('has no error beyond the tolerance, rounded up to a power of ten, unless it counts a mismatch', () => {
    const beyond = /^parity\.largest_error: .* is beyond the tolerance, but mismatches is 0$/;
    const errors = (error: number, mismatches = 0) =>
      problemOf({ tolerance: 1e-3, largest_error: error, mismatches, label_agreement: 1 });
    expect(errors(1e-2)).to.equal(undefined);
    expect(errors(10 * 1e-3 * (1 + 1e-9))).to.equal(undefined);
    expect(errors(1e-2 * (1 + 2e-9))).to.match(beyond);
    expect(errors(1)).to.match(beyond);
    expect(errors(1, 1)).to.equal(undefined);
  });

  it('tried no more thresholds than there are', () => {
    expect(problemOf({ thresholds: { tried: 0, total: 0 } })).to.equal(undefined);
    expect(problemOf({ thresholds: { tried: 7, total: 7 } })).to.equal(undefined);
    expect(problemOf({ thresholds: { tried: 6, total: 7 } })).to.equal(undefined);
    expect(problemOf({ thresholds: { tried: 8, total: 7 } })).to.equal('parity.thresholds: 8 were tried of 7');
  });

  it('has an agreement of labels that fits the mismatches', () => {
    const agreement = (label_agreement: number | null, mismatches: number) =>
      problemOf({ label_agreement, mismatches });
    expect(agreement(1, 200)).to.equal(undefined);
    expect(agreement(0.99, 200)).to.equal(undefined);
    expect(agreement(1 - 0.01 - 1e-9, 200)).to.equal(undefined);
    expect(agreement(0.99 - 2e-9, 200)).to.match(/^parity\.label_agreement: 0\.98\d+ does not fit 200 mismatches$/);
    expect(agreement(null, 200)).to.equal('parity.label_agreement: null does not fit 200 mismatches');
    expect(agreement(0, 20_000)).to.equal(undefined);
    expect(agreement(null, 20_000)).to.equal('parity.label_agreement: null does not fit 20000 mismatches');
    const problem = 'parity.label_agreement: a regressor has no labels';
    for (const manifest of [regressorManifest(), valuesManifest(['a', 'b'])]) {
      expect(problemOf({ label_agreement: 1 }, manifest)).to.equal(problem);
      expect(problemOf({ label_agreement: 0 }, manifest)).to.equal(problem);
    }
  });

  it('has the scale 1 if the model answers probabilities', () => {
    expect(problemOf({ scale: 10 })).to.equal('parity.scale: expected 1 of a classifier, got 10');
    expect(problemOf({ scale: 0.5 }, clustersManifest(2, 'probabilities'))).to.match(/^parity\.scale: /);
    for (const manifest of [scoresManifest(['a', 'b']), outliersManifest(), regressorManifest()]) {
      expect(problemOf({ scale: 10 }, manifest)).to.equal(undefined);
    }
  });
});

describe('the outputs in model.json', () => {
  it('are probabilities, or other numbers of each class, but not both', () => {
    const zeros = { 0: 0, 1: 0 };
    const mixture = clustersManifest(2, 'probabilities');
    const both = { label: 0, probabilities: zeros, distances: zeros };
    expect(
      problemWith({
        ...mixture,
        outputs: { ...mixture.outputs, distances: 'distances' },
        examples: [{ instances: [[1]], predictions: [both] }],
      }),
    ).to.equal('outputs: expected probabilities or distances, got both');
    expect(problemWith({ ...iris, outputs: { ...iris.outputs, scores: 'scores' } })).to.equal(
      'outputs: expected probabilities or scores, got both',
    );
  });
});

describe('the examples in model.json', () => {
  const problemOf = (manifest: Manifest, predictions: readonly object[], rows = predictions.length) => {
    const [first] = manifest.examples;
    const instances = Array.from({ length: rows }, () => [1, 2, 3, 4]);
    return problemWith({ ...manifest, explanations: undefined, examples: [first, { instances, predictions }] });
  };
  const several = targetsManifest([
    { name: 'colour', classes: ['red', 'blue'] },
    { name: 'size', classes: [1, 2] },
  ]);
  const good = { label: 'a', scores: { a: 1, b: 2, c: 3 } };

  it('have a prediction for each row', () => {
    const problem = 'examples.1: expected a prediction for each of';
    expect(problemOf(scoresManifest(['a', 'b', 'c']), [good, good])).to.equal(undefined);
    expect(problemOf(scoresManifest(['a', 'b', 'c']), [good], 2)).to.equal(`${problem} 2 rows, got 1`);
    expect(problemOf(scoresManifest(['a', 'b', 'c']), [good, good], 1)).to.equal(`${problem} 1 rows, got 2`);
  });

  it('have the outputs of the model only', () => {
    expect(problemOf(labelsManifest(['a', 'b']), [{ label: 'a', scores: { b: 1 } }])).to.equal(
      'examples.1: the model has no output scores',
    );
  });

  const probabilities = { colour: { red: 1, blue: 0 }, size: { 1: 1, 2: 0 } };
  const labels = { colour: 'red', size: 1 };
  const parts: [string, Manifest, object, readonly object[]][] = [
    [
      'a probability of each class',
      iris,
      { label: 'setosa', probabilities: { setosa: 1, versicolor: 0, virginica: 0 } },
      [
        { label: 'setosa' },
        { label: 'setosa', probabilities: {} },
        { label: 'setosa', probabilities: { setosa: 1, versicolor: 0 } },
        { label: 'setosa', probabilities: { setosa: 1, versicolor: 0, rose: 0 } },
        { label: 'setosa', probabilities: { setosa: 1, versicolor: 0, virginica: 0, rose: 0 } },
      ],
    ],
    [
      'a probability of each class',
      several,
      { labels, probabilities },
      [
        { labels, probabilities: { colour: probabilities.colour } },
        { labels, probabilities: { ...probabilities, other: { a: 1 } } },
        { labels, probabilities: { ...probabilities, size: { 1: 1, 2: 0, 3: 0 } } },
        { labels, probabilities: { ...probabilities, size: { 1: 1 } } },
      ],
    ],
    [
      'a label of each target',
      several,
      { labels, probabilities },
      [
        { labels: { colour: 'red' }, probabilities },
        { labels: { ...labels, other: 1 }, probabilities },
      ],
    ],
    [
      'a score of each class (of two classes, only the second)',
      scoresManifest(['a', 'b']),
      { label: 'a', scores: { b: 1 } },
      [
        { label: 'a', scores: { a: 1 } },
        { label: 'a', scores: { a: 1, b: 1 } },
      ],
    ],
    [
      'a distance of each class',
      clustersManifest(2, 'distances'),
      { label: 1, distances: { 0: 1, 1: 2 } },
      [{ label: 1, distances: { 0: 1 } }],
    ],
    ['a value of each target', valuesManifest(['a', 'b']), { values: { a: 1, b: 2 } }, [{ values: { a: 1, c: 2 } }]],
  ];
  for (const [noun, manifest, fitting, others] of parts) {
    it(`have ${noun}, and no other: ${manifest.task} of ${'targets' in manifest ? 'several targets' : 'one'}`, () => {
      expect(problemOf(manifest, [fitting])).to.equal(undefined);
      for (const other of others) {
        expect(problemOf(manifest, [fitting, other])).to.equal(`examples.1: expected ${noun}, and no other`);
      }
    });
  }

  it('have labels that are classes', () => {
    const problem = 'examples.1: its label is not one of the classes';
    expect(problemOf(labelsManifest([0, 1]), [{ label: 1 }])).to.equal(undefined);
    expect(problemOf(labelsManifest([0, 1]), [{ label: 2 }])).to.equal(problem);
    expect(problemOf(labelsManifest([0, 1]), [{ label: '1' }])).to.equal(problem);
    expect(problemOf(several, [{ labels: { colour: 'red', size: 3 }, probabilities }])).to.equal(problem);
    expect(problemOf(several, [{ labels: { colour: 'green', size: 1 }, probabilities }])).to.equal(problem);
    expect(problemOf(several, [{ labels: { colour: 1, size: 1 }, probabilities }])).to.equal(problem);
  });
});

describe('the explanations in model.json', () => {
  const { explanations } = iris;
  const { importance = {} } = explanations ?? {};
  const { virginica = {}, ...others } = importance;
  const problemOf = (changes: object, manifest: Manifest = iris) =>
    problemWith({ ...manifest, explanations: { ...explanations, ...changes } });

  it('have a file of their own', () => {
    for (const file of [iris.file, 'model.json', 'golden.json']) {
      expect(problemOf({ file })).to.equal(`explanations.file: ${file} is another file of the package`);
    }
    expect(problemOf({ file: 'other.json' })).to.equal(undefined);
  });

  it('explain a number', () => {
    for (const kind of ['classifier without either', 'clusterer without either']) {
      expect(problemOf({}, kindsOfAnswers()[kind])).to.equal(
        'explanations: the model answers no number that could be explained',
      );
    }
  });

  it('have the importance for each number, or for all of them together', () => {
    expect(problemOf({ importance: { '': virginica } })).to.equal(undefined);
    const problem = "explanations.importance: expected the 3 column names of the answer's numbers in a table";
    for (const other of [{}, others, { ...others, rose: virginica }, { ...importance, '': virginica }, { virginica }]) {
      expect(problemOf({ importance: other })).to.equal(problem);
    }
  });

  it('have the importance of each feature', () => {
    const { petal_width: _width, ...fewer } = virginica;
    for (const other of [fewer, {}, { ...virginica, x: 1 }, { ...fewer, x: 1 }]) {
      expect(problemOf({ importance: { ...others, virginica: other } })).to.equal(
        'explanations.importance.virginica: expected a number for each feature',
      );
    }
    expect(problemOf({ importance: { '': fewer } })).to.equal(
      'explanations.importance.: expected a number for each feature',
    );
  });
});
