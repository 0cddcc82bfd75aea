import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { fromRecords } from '../../functions/core/model/records.ts';
import { encodeMlflowError, mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';

const two = manifestOf(
  [
    { name: 'a', dtype: 'float64' },
    { name: 'b', dtype: 'float64' },
  ],
  'float64',
);
const classifier = parseManifest(readManifest());
const decode = (document: unknown, manifest = two) =>
  mlflow.decode({ headers: {}, parameters: {}, body: JSON.stringify(document) }, manifest, defaultLimits);
const dataOf = (document: unknown, manifest = two) =>
  toFeeds(decode(document, manifest).instances, manifest, defaultLimits).X?.data;

function errorsOf(document: unknown, manifest = two): string[] {
  try {
    dataOf(document, manifest);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}

describe('the MLflow protocol', () => {
  const documents = [
    {
      dataframe_split: {
        columns: ['a', 'b'],
        index: [0, 1],
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    },
    {
      dataframe_split: {
        columns: ['b', 'a'],
        data: [
          [2, 1],
          [4, 3],
        ],
      },
    },
    {
      dataframe_split: {
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    },
    {
      dataframe_records: [
        { a: 1, b: 2 },
        { b: 4, a: 3 },
      ],
    },
    {
      instances: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      instances: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    },
    {
      inputs: [
        [1, 2],
        [3, 4],
      ],
    },
    { inputs: { b: [2, 4], a: [1, 3] } },
    {
      inputs: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
      params: null,
    },
  ];
  for (const document of documents) {
    it(`reads ${JSON.stringify(document)}`, () => {
      expect(dataOf(document)).to.deep.equal(Float64Array.of(1, 2, 3, 4));
    });
  }

  const one = 'expected exactly one of dataframe_split, dataframe_records, instances, inputs, and params';
  const refusals: [unknown, string[]][] = [
    [[1, 2], [`: ${one}, got an array of 2`]],
    [{}, [`: ${one}`]],
    [{ instances: [[1, 2]], inputs: [[1, 2]] }, [`: ${one}`]],
    [{ toString: [[1, 2]] }, [`: ${one}`]],
    [{ instances: [] }, ['/instances: expected an array of at least 1 row, got an array of 0']],
    [{ dataframe_split: [] }, ['/dataframe_split: expected an object with columns and data, got an array of 0']],
    [
      { dataframe_split: { columns: ['a'] } },
      ['/dataframe_split/data: expected an array of at least 1 row, got nothing'],
    ],
    [{ dataframe_split: { columns: ['a', 'x'], data: [[1, 2]] } }, ['/dataframe_split/columns: missing feature "b"']],
    [
      { dataframe_split: { columns: ['b', 'a'], data: [['x', 1], [1]] } },
      [
        '/dataframe_split/data/0/0: expected a number, got a string',
        '/dataframe_split/data/1: expected 2 values (a, b), got 1',
      ],
    ],
    [
      { dataframe_split: { columns: ['a', 'b', 'x'], data: [[1, 2, 3], [1, 2], [], [1, 2, 3, 4]] } },
      [2, 0, 4].map((width, at) => {
        return `/dataframe_split/data/${at + 1}: expected 3 values, one for each column, got ${width}`;
      }),
    ],
    [
      { dataframe_split: { columns: ['a', 'b', 'x'], data: [[1, 2, 3], 'abc'] } },
      ['/dataframe_split/data/1: expected an array or an object of 2 values, got a string'],
    ],
    [{ dataframe_split: { data: [[1, 2]], index: {} } }, ['/dataframe_split/index: expected an array, got an object']],
    [{ inputs: { a: [1] } }, ['/inputs: missing feature "b"']],
    [{ inputs: { a: [1], b: 2 } }, ['/inputs/b: expected an array of at least 1 value, got a number']],
    [{ inputs: { a: [1, 2], b: [1] } }, ['/inputs/b: expected 2 values, as a has']],
    [{ inputs: { a: [1, 'x'], b: [1, 2] } }, ['/inputs/a/1: expected a number, got a string']],
    [{ dataframe_records: [{ a: 1, b: null }] }, ['/dataframe_records/0/b: expected a number, got null']],
    [
      { instances: [[1, 2]], params: { predict_method: 'predict', threshold: 1 } },
      ['/params/threshold: expected no other parameter than predict_method, explanations'],
    ],
    [{ instances: [[1, 2]], params: 1 }, ['/params: expected an object, got a number']],
    [
      { instances: [[1, 2]], params: { predict_method: 'predict_log_proba' } },
      ['/params/predict_method: expected predict or predict_proba'],
    ],
  ];
  for (const [document, errors] of refusals) {
    it(`refuses ${JSON.stringify(document)}`, () => {
      expect(errorsOf(document)).to.deep.equal(errors);
    });
  }

  describe('of a model whose features may all be missing', () => {
    const optional = manifestOf(
      [
        { name: 'a', dtype: 'float64', nullable: true },
        { name: 'b', dtype: 'float64', nullable: true },
      ],
      'float64',
    );

    it('reads the features that a request leaves out as missing', () => {
      for (const document of [
        { dataframe_split: { columns: ['b', 'x'], data: [[1, 2]] } },
        { dataframe_records: [{ b: 1, x: 2 }] },
        { inputs: { b: [1], x: [2] } },
      ]) {
        expect(dataOf(document, optional)).to.deep.equal(Float64Array.of(Number.NaN, 1));
      }
    });

    it('counts the rows of a request that leaves out many features before it makes them', () => {
      const names = Array.from({ length: 2000 }, (_, index) => `f${index}`);
      const wide = manifestOf(
        names.map((name) => ({ name, dtype: 'float64', nullable: true })),
        'float64',
      );
      const ones = Array(400_000).fill(1);
      for (const document of [
        { inputs: { f1: ones } },
        { dataframe_split: { columns: ['f1'], data: ones.map((one) => [one]) } },
      ]) {
        // All rows together would have 800 million values, which no test process can hold.
        expect(decode(document, wide).instances.count).to.equal(400_000);
      }
    });

    it('refuses a request that names no feature', () => {
      for (const [document, place] of [
        [{ dataframe_split: { columns: ['x'], data: [[1]] } }, '/dataframe_split/columns'],
        [{ dataframe_split: { columns: [], data: [[]] } }, '/dataframe_split/columns'],
        [{ dataframe_records: [{ x: 1 }] }, '/dataframe_records/0'],
        [{ dataframe_records: [{}] }, '/dataframe_records/0'],
        [{ inputs: { x: [1] } }, '/inputs'],
      ] as const) {
        const errors = [`${place}: missing feature "a"`, `${place}: missing feature "b"`];
        expect(errorsOf(document, optional), JSON.stringify(document)).to.deep.equal(errors);
      }
    });
  });

  const record = { label: 'setosa', probabilities: { virginica: 0.1, setosa: 0.7, versicolor: 0.2 } };

  it('answers labels, or probabilities in the order of the classes', () => {
    const bodyOf = (document: object) => {
      const { options } = decode({ instances: [[1, 2, 3, 4]], ...document }, classifier);
      return mlflow.encode(fromRecords([record], classifier), classifier, options).body;
    };
    expect(bodyOf({})).to.equal('{"predictions":["setosa"]}');
    expect(bodyOf({ params: { predict_method: 'predict' } })).to.equal('{"predictions":["setosa"]}');
    expect(bodyOf({ params: { predict_method: 'predict_proba' } })).to.equal('{"predictions":[[0.7,0.2,0.1]]}');
  });

  it('answers the values of a regressor, which has no probabilities', () => {
    const manifest = regressorManifest();
    const predictions = fromRecords([{ value: 1.5 }], manifest);
    expect(mlflow.encode(predictions, manifest, undefined).body).to.equal('{"predictions":[1.5]}');
    const document = { instances: [[1, 2, 3, 4]], params: { predict_method: 'predict_proba' } };
    expect(() => decode(document, manifest))
      .to.throw(RequestError)
      .with.nested.property('errors[0].detail', 'expected predict, as this model answers no probabilities');
  });

  it('answers errors in the form of MLflow', () => {
    const errors = [{ pointer: '/instances/0', detail: 'wrong' }];
    const { status, body } = encodeMlflowError(
      new RequestError('InvalidInput', 'There is 1 problem', { errors }),
      'id',
    );
    expect([status, body]).to.deep.equal([
      422,
      '{"error_code":"BAD_REQUEST","message":"There is 1 problem; /instances/0: wrong"}',
    ]);
  });
});
