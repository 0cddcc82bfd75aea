import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/core/errors.ts';
import { createExplainer } from '../../functions/core/explain/explainer.ts';
import { toLongestExplanations } from '../../functions/core/explain/longest.ts';
import { chooseMethod } from '../../functions/core/explain/method.ts';
import { createPace } from '../../functions/core/explain/pace.ts';
import { createRandom } from '../../functions/core/explain/random.ts';
import { toExplanationRecords } from '../../functions/core/explain/records.ts';
import { shuffle, throughPairs } from '../../functions/core/explain/steps.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { countNumbers, toShown } from '../../functions/core/model/outputs.ts';
import { toPredictions } from '../../functions/core/model/prediction.ts';
import { toRecords } from '../../functions/core/model/records.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { explain, modelOf, type Numbers, type Rows } from '../helpers/explained-model.ts';
import { kindsOfAnswers, manifestOf, mixedManifest, regressorManifest, valuesManifest } from '../helpers/manifest.ts';
import { coalitionValue, meanOf, pairOf, shapleyOf } from '../helpers/shapley-oracle.ts';

/**
 * A row's flat contributions as nested arrays: one array for each number that the model answers, with a contribution
 * for each feature.
 */
function byNumber(numbers: Float64Array, features: number, row = 0, width = numbers.length / features): number[][] {
  return Array.from({ length: width }, (_, number) =>
    Array.from(numbers.subarray((row * width + number) * features, (row * width + number + 1) * features)),
  );
}

function expectNear(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  tolerance = 1e-12,
) {
  expect(actual.map((row) => row.length)).to.deep.equal(expected.map((row) => row.length));
  for (const [index, row] of expected.entries()) {
    for (const [at, number] of row.entries()) {
      const scale = Math.max(1, ...row.map(Math.abs));
      expect(actual[index]?.[at], `${index}, ${at}`).to.be.closeTo(number, tolerance * scale);
    }
  }
}

/** A model that is not a sum of functions of single features, so that contributions depend on all coalitions. */
const wavy: Numbers = (values) => {
  const numbers = values.map(toNumber);
  const sum = numbers.reduce((total, value, index) => total + (index + 1) * value, 0);
  return [Math.sin(sum), numbers.reduce((product, value) => product * (1 + value / 3), 1) + Math.max(...numbers)];
};

/** Converts any value of an input to a number. */
function toNumber(value: unknown): number {
  if (typeof value === 'string') return value.length + (value.codePointAt(0) ?? 0) / 100;
  return Number.isNaN(value) ? -0.5 : Number(value);
}

/** A regressor of two targets with this number of features. */
function twoValues(features: number): Manifest {
  const columns = Array.from({ length: features }, (_, index) => ({ name: `f${index}`, dtype: 'float64' as const }));
  const { inputs, features: described } = manifestOf(columns, 'float64');
  return { ...valuesManifest(['height', 'weight']), inputs, features: described };
}

const values = fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: -3, max: 3, noNaN: true }));
const rowsOf = (features: number, most = 6) =>
  fc.array(fc.array(values, { minLength: features, maxLength: features }), { minLength: 1, maxLength: most });

describe('chooseMethod', () => {
  it('chooses all coalitions if the budget is enough', () => {
    expect(chooseMethod(4, 100, 1400)).to.deep.equal({ name: 'exact', background: 100, rows: 1501 });
    expect(chooseMethod(4, 100, 1399)).to.deep.equal({ name: 'permutations', background: 100, pairs: 2, rows: 1301 });
    expect(chooseMethod(1, 100, 1)).to.deep.equal({ name: 'exact', background: 100, rows: 101 });
  });

  it('draws as many pairs as the budget allows, and at least two', () => {
    expect(chooseMethod(30, 43, 20_000)).to.include({ name: 'permutations', pairs: 8, rows: 8 * 2 * 29 * 43 + 44 });
    expect(chooseMethod(10_000, 10, 20_000)).to.include({ pairs: 2 });
    expect(chooseMethod(2, 10, 1)).to.include({ name: 'permutations', pairs: 2 });
  });
});

describe('the steps through coalitions', () => {
  it('are the same as in the Python export', () => {
    const next = createRandom(1);
    expect([next(), next(), next()]).to.deep.equal([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
    expect([...shuffle(6, 1)]).to.deep.equal([4, 1, 5, 2, 0, 3]);
    expect([...shuffle(6, 2)]).to.deep.equal([0, 2, 3, 5, 1, 4]);
  });

  it('let all features enter, and then leave in the same order', () => {
    const steps = [...throughPairs(5, 3)];
    expect(steps).to.have.length(30);
    expect(steps.slice(10, 15)).to.deep.equal([...shuffle(5, 2)]);
    expect(steps.slice(15, 20)).to.deep.equal(steps.slice(10, 15));
  });
});

describe('explanations', () => {
  it('are the mean over all orders of the features', async () => {
    const cases = fc.integer({ min: 1, max: 5 }).chain((features) => fc.tuple(rowsOf(features), rowsOf(features, 3)));
    const property = fc.asyncProperty(cases, async ([background, rows]) => {
      const features = rows[0]?.length ?? 0;
      const { explanations } = await explain(modelOf(twoValues(features), wavy, background), rows);
      expect(explanations.method.name).to.equal('exact');
      for (const [row, one] of rows.entries()) {
        expectNear(byNumber(explanations.contributions, features, row, 2), shapleyOf(wavy, one, background));
      }
      expectNear([[...explanations.base]], [coalitionValue(wavy, rows[0] ?? [], background, new Set())]);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('are means over pairs of permutations if there are too many coalitions, with standard errors', async () => {
    const cases = fc
      .integer({ min: 2, max: 9 })
      .chain((features) => fc.tuple(rowsOf(features, 4), rowsOf(features, 1)));
    const property = fc.asyncProperty(
      cases,
      fc.integer({ min: 1, max: 60 }),
      async ([background, [row = []]], budget) => {
        const features = row.length;
        const { explanations } = await explain(modelOf(twoValues(features), wavy, background), [row], { budget });
        const { method, contributions, standardErrors } = explanations;
        fc.pre(method.name === 'permutations');
        const pairs = Array.from({ length: method.pairs }, (_, pair) =>
          pairOf(wavy, row, background, [...shuffle(features, pair + 1)]),
        );
        const mean = meanOf(pairs);
        expectNear(byNumber(contributions, features), mean);
        const errors = mean.map((own, number) =>
          own.map((_, feature) => {
            const squares = pairs.map(
              (pair) => ((pair[number]?.[feature] as number) - (mean[number]?.[feature] as number)) ** 2,
            );
            return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (pairs.length - 1) / pairs.length);
          }),
        );
        expectNear(byNumber(standardErrors ?? new Float64Array(), features), errors, 1e-9);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('sum to the prediction within 1e-12, by both methods and for all types of values', async () => {
    const value = (text: readonly unknown[]) => fc.constantFrom(...text);
    const row = fc.tuple(
      value([null, 0, 3, -7]),
      fc.double({ min: -1, max: 1, noNaN: true }),
      value([null, true, false]),
      value(['Graz', 'Wien', 'Linz']),
      value([null, '', 'a', 'another']),
    );
    const cases = fc.tuple(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.array(row, { minLength: 1, maxLength: 4 }),
    );
    const numbers: Numbers = (all) => wavy(all).concat(all.length);
    const property = fc.asyncProperty(cases, fc.constantFrom(1, 100, 20_000), async ([background, rows], budget) => {
      const model = modelOf(mixedManifest(), numbers, background);
      const { blocks, explanations } = await explain(model, rows, { budget });
      for (let at = 0; at < 3 * rows.length; at += 1) {
        const own = explanations.contributions.subarray(at * 5, at * 5 + 5);
        const sum = own.reduce((total, one) => total + one, explanations.base[at % 3] as number);
        expect(sum).to.be.closeTo(blocks[1]?.[at] as number, 1e-12 * Math.max(1, Math.abs(sum)));
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('do not run the model for a mixed row that equals one of the two rows that it is mixed from', async () => {
    const background = [['Graz'], ['Graz'], ['Wien']].map((city) => [1, 0.5, true, ...city, 'a']);
    const model = modelOf(mixedManifest(), (all) => wavy(all).concat(1), background);
    const { explanations } = await explain(model, [[1, 0.25, true, 'Graz', 'a']]);
    // The row, the three rows of the background, and two mixed rows. The two background rows from Graz differ in income
    // only, so each of their mixed rows equals a known row. The row from Wien differs in income and in city: in its two
    // mixed rows, one of the two is replaced.
    expect(model.rowsRun()).to.equal(1 + 3 + 2);
    expect(explanations.method.rows).to.equal(30 * 3 + 4);
  });

  it('are right for a background that is larger than one run', async () => {
    const background = Array.from({ length: 2500 }, (_, index) => [index % 7, Math.cos(index), index % 2]);
    const row = [3, 0.1, 1];
    const { explanations } = await explain(modelOf(twoValues(3), wavy, background, 100_000), [row]);
    expect(explanations.method.name).to.equal('exact');
    expectNear(byNumber(explanations.contributions, 3), shapleyOf(wavy, row, background), 1e-11);
  });

  it('have the same bits, however many rows the model answers at once', async () => {
    const background = Array.from({ length: 60 }, (_, index) => [
      index % 7,
      Math.cos(index),
      index % 2,
      Math.sin(index),
    ]);
    const model = modelOf(regressorManifest(), (all) => wavy(all).slice(0, 1), background);
    const explainer = createExplainer(model);
    const feeds = toFeeds(
      fromRows([[3, 0.1, 1, 0.2]], () => ''),
      model.manifest,
      defaultLimits,
    );
    const predictions = toPredictions(await model.run(feeds), toShown(model.manifest, false), { pointerOf: () => '' });
    const ask = () => explainer.explain({ feeds, predictions, pointerOf: () => '' }, { numbers: 'all' });
    // The first explanation runs few rows at once. The explainer runs more later, because the model answers fast.
    const first = await ask();
    for (let time = 0; time < 5; time += 1) expect((await ask()).contributions).to.deep.equal(first.contributions);
  });

  it('are refused if the model has no finite answer to a mix of the explained row and the background', async () => {
    const model = modelOf(regressorManifest(), ([first, second]) => [first === 1 && second === 0 ? Number.NaN : 1], [
      [0, 0, 0, 0],
    ]);
    const error = await explain(model, [
      [0, 1, 0, 0],
      [1, 1, 0, 0],
    ]).catch((thrown: RequestError) => thrown);
    expect(error).to.be.instanceOf(RequestError).with.property('name', 'InvalidInput');
    expect((error as RequestError).errors.map(({ pointer }) => pointer)).to.deep.equal(['/1']);
  });
});

describe('an explanation that takes too long', () => {
  const background: Rows = Array.from({ length: 100 }, (_, index) => [index, -index, index % 5, index % 3]);
  const rows: Rows = Array.from({ length: 50 }, (_, index) => [index + 0.5, 0.5 - index, index / 9, 0.3]);
  /** The error of an explanation whose runs each take `msPerRun` milliseconds, and the number of rows that ran. */
  const refusal = async (msLeft: number, msPerRun: number, few = rows) => {
    let ms = 0;
    const model = modelOf(regressorManifest(), ([first]) => [Number(first)], background);
    const run: typeof model.run = (feeds) => {
      ms += msPerRun;
      return model.run(feeds);
    };
    const error = await explain({ ...model, run }, few, { msLeft, now: () => ms }).catch(
      (thrown: RequestError) => thrown,
    );
    return { error: error as RequestError, rowsRun: model.rowsRun() };
  };

  it('is refused early, with the number of rows or the budget that fits', async () => {
    const { error, rowsRun } = await refusal(30_000, 1000);
    expect(error).to.be.instanceOf(RequestError).with.property('name', 'PayloadTooLarge');
    expect(error.message).to.match(
      /^Expected at most (\d) rows, or a budget of at most (\d+), to finish in the 30 seconds that are left; got 50 rows; to explain each row, the model must answer up to 1501 rows$/,
    );
    expect(rowsRun).to.be.below(1000);
  });

  it('is refused with a message that suggests only a budget, if there is no time for even one row', async () => {
    const { error } = await refusal(1500, 2000, rows.slice(0, 2));
    expect(error.message).to.match(/^Expected a budget of at most \d+, to finish /);
  });

  it('is answered if there is enough time', async () => {
    expect((await refusal(10_000_000, 1000)).error).not.to.be.instanceOf(Error);
  });
});

describe('the explanation of an answer', () => {
  const background = [
    [0, 0, 0, 0],
    [1, 0, 3, 1],
  ];
  const explainOne = async (kind: string, asked: 'all' | 'predicted' = 'all') => {
    const manifest = kindsOfAnswers()[kind] as Manifest;
    const width = countNumbers(manifest);
    const numbers: Numbers = (all) =>
      Array.from({ length: width }, (_, index) => Math.sin(toNumber(all[index % 4]) + index));
    const predictions = await explain(modelOf(manifest, numbers, background), [[1, 2, 3, 4]], { numbers: asked });
    const [record] = toExplanationRecords(predictions, predictions.explanations, manifest);
    return { predictions, record, prediction: toRecords(predictions)[0] };
  };
  const features = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

  it('is nested like the numbers of the answer', async () => {
    const leaves: Readonly<Record<string, unknown>> = {
      'classifier with scores': ['a', 'b', 'c'],
      'classifier of two classes with a score': ['1'],
      'classifier of several targets': { colour: ['red', 'blue'], size: ['1', '2', '3'] },
      'regressor of several targets': ['height', 'weight'],
      'outlier detector': null,
      'clusterer with distances': ['0', '1', '2'],
      mixture: ['0', '1'],
    };
    for (const [kind, names] of Object.entries(leaves)) {
      const { record } = await explainOne(kind);
      expect(toNames(record?.base, 0), kind).to.deep.equal(names);
      expect(toNames(record?.contributions, 1), kind).to.deep.equal(names);
      expect(leafOf(record?.contributions), kind).to.have.all.keys(features);
      expect(record).not.to.have.property('standard_errors');
    }
  });

  for (const kind of Object.keys(kindsOfAnswers()).filter((name) => name.includes('without'))) {
    it(`is refused for a ${kind}, because it has no numbers`, async () => {
      const error = await explainOne(kind).catch((thrown: Error) => thrown);
      expect(error).to.have.property('message').that.includes('it answers only labels');
    });
  }

  it('explains only the number of the predicted class if asked to', async () => {
    const { record, prediction } = await explainOne('classifier of several targets', 'predicted');
    const { labels } = prediction as { labels: { colour: string; size: number } };
    const expected = { colour: [labels.colour], size: [String(labels.size)] };
    expect(toNames(record?.base, 0)).to.deep.equal(expected);
    expect(toNames(record?.contributions, 1)).to.deep.equal(expected);
    const cluster = await explainOne('clusterer with distances', 'predicted');
    expect(toNames(cluster.record?.base, 0)).to.deep.equal([String((cluster.prediction as { label: number }).label)]);
  });

  it('has reasons for each target, with its name', async () => {
    const { record } = await explainOne('regressor of several targets');
    const [first] = record?.reasons ?? [];
    expect(first).to.match(/^height: sepal_length = 1 cm: [+-]0\.\d{1,4}$/);
    expect(record?.reasons.filter((reason) => reason.startsWith('weight: '))).not.to.be.empty;
  });

  it('has CSV columns for the predicted number of each target', async () => {
    const manifest = kindsOfAnswers()['classifier of several targets'] as Manifest;
    const { predictions } = await explainOne('classifier of several targets');
    const { body } = csv.encode(predictions, manifest, undefined);
    const [header = '', line = ''] = String(body).split('\r\n');
    const names = header.split(',').slice(-10);
    expect(names.slice(0, 3)).to.deep.equal([
      'colour:base',
      'contribution:colour:sepal_length',
      'contribution:colour:sepal_width',
    ]);
    expect(names[5]).to.equal('size:base');
    const { record } = await explainOne('classifier of several targets', 'predicted');
    const [ofColour = {}] = Object.values((record?.contributions as ByTarget | undefined)?.colour ?? {});
    expect(line.split(',').slice(-9, -5).map(Number)).to.deep.equal(Object.values(ofColour));
  });

  it('stands in the line of its own row', async () => {
    const manifest = kindsOfAnswers()['regressor of several targets'] as Manifest;
    const numbers: Numbers = ([first, second]) => [Number(first) * 2, Number(second) * 3];
    const rows = [
      [1, 2, 0, 0],
      [5, 7, 0, 0],
    ];
    const model = modelOf(manifest, numbers, [[0, 0, 0, 0]]);
    const predictions = await explain(model, rows, { numbers: 'predicted' });
    const lines = String(csv.encode(predictions, manifest, undefined).body)
      .trim()
      .split('\r\n')
      .map((line) => line.split(',').slice(-10));
    expect(lines[1]).to.deep.equal(['0', '2', '0', '0', '0', '0', '0', '6', '0', '0']);
    expect(lines[2]).to.deep.equal(['0', '10', '0', '0', '0', '0', '0', '21', '0', '0']);
    const records = toExplanationRecords(predictions, predictions.explanations, manifest);
    expect(records.map(({ reasons }) => reasons)).to.deep.equal([
      ['height: sepal_length = 1 cm: +2', 'weight: sepal_width = 2 cm: +6'],
      ['height: sepal_length = 5 cm: +10', 'weight: sepal_width = 7 cm: +21'],
    ]);
  });

  it('is refused if the background has another number of rows than model.json says', async () => {
    const manifest = { ...regressorManifest(), explanations: { rows: 3, budget: 100 } } as Manifest;
    const model = modelOf(manifest, ([first]) => [Number(first)], [[1, 2, 3, 4]]);
    const error = await explain({ ...model, manifest }, [[1, 2, 3, 4]]).catch((thrown: Error) => thrown);
    expect(error).to.have.property('message', 'expected 3 rows of the background, got 1');
  });
});

describe('the pace of explaining', () => {
  /**
   * Reports these steps to the pace of explaining 10 rows, with 100 steps each and 20 seconds left. Throws if the pace
   * refuses.
   */
  const paceOf = (...done: readonly (readonly [steps: number, ms: number])[]) => {
    let clock = 5000;
    const method = { name: 'exact', background: 100, rows: 1501 } as const;
    const count = createPace(10, method, 4, 20_000, () => clock);
    for (const [steps, ms] of done) {
      clock = 5000 + ms;
      count(steps);
    }
  };

  it('is not judged in the first second, nor after the last step', () => {
    expect(() => paceOf([1, 999])).not.to.throw();
    expect(() => paceOf([500, 9000], [500, 30_000])).not.to.throw();
  });

  it('leaves a tenth of the time for the answer', () => {
    // 1,000 steps would take 18 s.
    expect(() => paceOf([100, 1800])).not.to.throw();
    expect(() => paceOf([50, 900], [50, 1801])).to.throw(RequestError, 'at most 8 rows');
  });

  it('names the rows and the budget that fit if it is too slow', () => {
    // 40 of 1,000 steps took 1 s. In 16 s, 640 steps fit: 64 % of the rows, or of the budget.
    expect(() => paceOf([40, 1000])).to.throw(RequestError, 'Expected at most 6 rows, or a budget of at most 960, to');
    expect(() => paceOf([7, 1000])).to.throw(RequestError, 'Expected at most 1 row, or a budget of at most 168, to');
    expect(() => paceOf([5, 1000])).to.throw(
      RequestError,
      'Expected a budget of at most 120, to finish in the 20 seconds',
    );
    const message =
      'Expected an explanation that finishes in the 20 seconds that are left; got 10 rows; to explain each';
    expect(() => paceOf([0.01, 1000])).to.throw(RequestError, message);
  });
});

type ByTarget = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** The member names of a nested document, without its lowest `depth` levels. Null if no levels are left. */
function toNames(document: unknown, depth: number): unknown {
  if (depthOf(document) <= depth) return null;
  const entries = Object.entries(document as object);
  if (depthOf(document) === depth + 1) return entries.map(([name]) => name);
  return Object.fromEntries(entries.map(([name, inner]) => [name, toNames(inner, depth)]));
}

function depthOf(document: unknown): number {
  return typeof document === 'number' ? 0 : 1 + depthOf(Object.values(document as object)[0]);
}

function leafOf(document: unknown): unknown {
  return depthOf(document) === 1 ? document : leafOf(Object.values(document as object)[0]);
}

describe('a reason', () => {
  it('names the value that the client sent', async () => {
    const manifest = manifestOf([
      { name: 'age', dtype: 'int64', nullable: true },
      { name: 'income', dtype: 'float32', unit: 'EUR' },
      { name: 'member', dtype: 'bool' },
      { name: 'city', dtype: 'string', categories: null },
      { name: 'since', dtype: 'timestamp', timezone: 'UTC' },
    ]);
    const numbers: Numbers = ([age, income, member, city, since]) => {
      const [flag, time] = [Number(member), Number(since) / 1e18];
      return [
        (Number.isNaN(age) ? -0.123456 : 0) + Number(income) * 2 + flag * 0.05 + String(city).length * 1e-4 + time,
        0,
        0,
      ];
    };
    const background = [[1, 0, false, '', '1970-01-01T00:00:00Z']];
    const { explanations } = await explain(modelOf(manifest, numbers, background), [
      [null, 0.1, true, 'x'.repeat(50), '2024-05-01T12:30:00Z'],
    ]);
    expect(explanations.reasonsOf(0)).to.deep.equal([
      'income = 0.1 EUR: +0.2',
      'age = missing: -0.123',
      'member = true: +0.05',
      `city = ${'x'.repeat(40)}…: +0.005`,
      'since = 2024-05-01T12:30:00Z: +0.00171',
    ]);
  });

  it('gives a float32 value with as many digits as it needs, and each row its own values', async () => {
    const manifest = manifestOf([
      { name: 'income', dtype: 'float32' },
      { name: 'member', dtype: 'bool' },
      { name: 'city', dtype: 'string', categories: null, nullable: true },
      { name: 'street', dtype: 'string', categories: null },
    ]);
    const numbers: Numbers = ([income, member, city, street]) => [
      Number(income) * 8 + (member ? 0 : 4) + (city === '' ? 2 : 0) + (street === '' ? 1 : 0),
      0,
      0,
    ];
    const model = modelOf(manifest, numbers, [[0, true, 'Graz', 'Ring']]);
    const { explanations } = await explain(model, [
      [123.456787, false, null, ''],
      [16_777_217, true, 'Linz', 'Ring'],
    ]);
    expect(explanations.reasonsOf(0)).to.deep.equal([
      'income = 123.45679: +988',
      'member = false: +4',
      'city = missing: +2',
      'street = : +1',
    ]);
    expect(explanations.reasonsOf(1)).to.deep.equal(['income = 16777216: +134000000']);
  });

  it('are no longer than those from which the size of an answer is computed', async () => {
    const manifest = manifestOf([{ name: 'city', dtype: 'string', categories: null }]);
    const model = modelOf(manifest, ([city]) => [city === '' ? 0 : 1.23e20, 0, 0], [['']]);
    const { explanations } = await explain(model, [['\u0001'.repeat(41)]]);
    const longest = toLongestExplanations(1, 0, { numbers: 'predicted', budget: 1 }, model.manifest).reasonsOf(0);
    const toBytes = (reasons: readonly string[]) => Buffer.byteLength(JSON.stringify(reasons));
    expect(toBytes(explanations.reasonsOf(0))).to.equal(toBytes(longest));
  });

  it('leaves out a feature that changes nothing', async () => {
    const model = modelOf(regressorManifest(), ([first]) => [Number(first)], [[1, 2, 3, 4]]);
    expect((await explain(model, [[5, 6, 7, 8]])).explanations.reasonsOf(0)).to.deep.equal(['sepal_length = 5 cm: +4']);
  });
});
