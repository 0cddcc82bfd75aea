import { expect } from 'chai';
import fc from 'fast-check';
// Parses JSON here, because JSON.parse of Node.js 24 confuses names with escapes (nodejs/node#63785).
import { parse } from 'yaml';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import type { Class } from '../../functions/core/model/classes.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { Predictions } from '../../functions/core/model/prediction.ts';
import { mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { native } from '../../functions/predict/protocols/native.ts';
import type { Protocol } from '../../functions/predict/protocols/protocol.ts';
import { document } from '../helpers/arbitraries.ts';
import { readManifest } from '../helpers/files.ts';
import { type Labeller, mixedManifest, regressorManifest } from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';
import { runs } from '../helpers/runs.ts';

const iris = parseManifest(readManifest());
const mixed = mixedManifest();

/** Finite numbers without -0, which JSON.stringify writes as 0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '"', '\\', '\u2028'));

const regressor = regressorManifest();
const regression = fc.array(number, { minLength: 1 });
const fraction = fc.double({ noNaN: true, min: -(2 ** 53), max: 2 ** 53, minExcluded: true, maxExcluded: true });
const classLists: fc.Arbitrary<Class[]> = fc.oneof(
  ...[text, fc.maxSafeInteger(), fraction.map((value) => value + 0)].map((values: fc.Arbitrary<Class>) =>
    fc.uniqueArray(values, { minLength: 1, maxLength: 5 }),
  ),
  fc.constant<Class[]>([false, true]),
);
const classification = classLists.chain((classes) =>
  fc
    .array(fc.tuple(fc.nat(classes.length - 1), fc.tuple(...classes.map(() => number))), { minLength: 1 })
    .map((rows) => {
      const manifest = { ...iris, classes } as Labeller;
      const labels = rows.map(([label]) => label);
      const probabilities = rows.map(([, shares]) => [...shares]);
      const predictions = predictionsOf(manifest, { label: labels, probabilities: probabilities.flat() });
      return { manifest, labels: labels.map((label) => classes[label]), probabilities, predictions };
    }),
);

/** Parses an answer as a client does. */
function read<Options>(protocol: Protocol<Options>, manifest: Manifest, predictions: Predictions, options?: Options) {
  return JSON.parse(String(protocol.encode(predictions, manifest, options).body));
}

function decode(protocol: Protocol, body: unknown, manifest: Manifest) {
  return protocol.decode({ headers: {}, parameters: {}, body: JSON.stringify(body) }, manifest, defaultLimits)
    .instances;
}

describe('a client reads the answer', () => {
  it('of the native protocol, whatever the names of classes', () => {
    fc.assert(
      fc.property(classification, ({ manifest, labels, probabilities, predictions }) => {
        const expected = labels.map((label, row) => {
          const byClass = new Map(
            manifest.classes.map((value, column) => [String(value), probabilities[row]?.[column]]),
          );
          return new Map<string, unknown>([
            ['label', label],
            ['probabilities', byClass],
          ]);
        });
        const { body } = native.encode(predictions, manifest, undefined);
        const answer: Map<string, unknown> = parse(String(body), { mapAsMap: true });
        expect(answer.get('predictions')).to.deep.equal(expected);
      }),
      runs(300),
    );
  });

  it('of the native protocol for a regressor', () => {
    fc.assert(
      fc.property(regression, (values) => {
        const predictions = predictionsOf(regressor, { value: values });
        expect(read(native, regressor, predictions).predictions).to.deep.equal(values.map((value) => ({ value })));
      }),
    );
  });

  it('of MLflow', () => {
    fc.assert(
      fc.property(classification, ({ manifest, labels, probabilities, predictions }) => {
        expect(read(mlflow, manifest, predictions)).to.deep.equal({ predictions: labels });
        expect(read(mlflow, manifest, predictions, 'predict_proba')).to.deep.equal({ predictions: probabilities });
      }),
      runs(300),
    );
  });

  it('of MLflow for a regressor', () => {
    fc.assert(
      fc.property(regression, (values) => {
        const predictions = predictionsOf(regressor, { value: values });
        expect(read(mlflow, regressor, predictions)).to.deep.equal({ predictions: values });
      }),
    );
  });
});

describe('the rows of a client are read', () => {
  const names = iris.features.map(({ name }) => name);
  const toRecord = (row: readonly number[]) => Object.fromEntries(names.map((name, column) => [name, row[column]]));
  const rows = fc.array(fc.tuple(number, number, number, number), { minLength: 1, maxLength: 5 });
  /** Writes rows in a layout. `order` is the order of the columns, if the layout has one. */
  type Write = (rows: number[][], order: number[]) => unknown;
  const toColumns: Write = (values, order) =>
    Object.fromEntries(order.map((column) => [names[column], values.map((row) => row[column])]));
  const toSplit: Write = (values, order) => ({
    columns: order.map((column) => names[column]),
    data: values.map((row) => order.map((column) => row[column])),
  });
  const layouts: readonly [string, Protocol, Write][] = [
    ['rows', native, (values) => values],
    ['records', native, (values) => values.map(toRecord)],
    ['instances', native, (values) => ({ instances: values })],
    ['MLflow dataframe_split', mlflow as Protocol, (...table) => ({ dataframe_split: toSplit(...table) })],
    ['MLflow dataframe_records', mlflow as Protocol, (values) => ({ dataframe_records: values.map(toRecord) })],
    ['MLflow instances', mlflow as Protocol, (values) => ({ instances: values })],
    ['MLflow inputs', mlflow as Protocol, (...table) => ({ inputs: toColumns(...table) })],
  ];
  for (const [layout, protocol, write] of layouts) {
    it(`from ${layout}`, () => {
      fc.assert(
        fc.property(rows, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (values, order) => {
          const instances = decode(protocol, write(values, order), iris);
          expect(toFeeds(instances, iris, defaultLimits).X?.data).to.deep.equal(Float64Array.from(values.flat()));
        }),
      );
    });
  }

  for (const [protocol, what] of [[native, 'the native protocol'] as const, [mlflow as Protocol, 'MLflow'] as const]) {
    it(`by ${what} from any document, or refused with a client error`, () => {
      const layout = fc.constantFrom('dataframe_split', 'dataframe_records', 'instances', 'inputs', 'params', 'x');
      const any = fc.oneof(document, fc.jsonValue(), fc.dictionary(layout, fc.oneof(document, fc.jsonValue())));
      fc.assert(
        fc.property(any, fc.constantFrom(iris, mixed), (body, manifest) => {
          try {
            const instances = decode(protocol, body, manifest);
            expect(instances.rows).not.to.have.length(0);
            toFeeds(instances, manifest, defaultLimits);
          } catch (error) {
            expect(error).to.be.an.instanceOf(RequestError).with.property('status').that.is.within(400, 499);
          }
        }),
        runs(500),
      );
    });
  }
});
