import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { onceFor } from '../../functions/core/once-for.ts';
import type { Content, OpenApiDocument, Operation, Schema } from '../../functions/predict/openapi/document.ts';
import { type RouteLike, toOpenApi } from '../../functions/predict/openapi/openapi.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { encodeMlflowError, mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { encodeProblem, native } from '../../functions/predict/protocols/native.ts';
import {
  encodeOpenInferenceError,
  openInference,
} from '../../functions/predict/protocols/open-inference/open-inference.ts';
import { routes } from '../../functions/predict/routes.ts';
import { readManifest } from '../helpers/files.ts';
import {
  kindsOfAnswers,
  manifestOf,
  mixedManifest,
  regressorManifest,
  scoresManifest,
  type TestColumn,
} from '../helpers/manifest.ts';

/** A route of every kind, and two routes at /new/{thing} that have no description. */
const table: readonly RouteLike[] = [
  { method: 'POST', path: '/predict', protocols: [native, csv], encodeError: encodeProblem },
  { method: 'GET', path: '/model', encodeError: encodeProblem },
  { method: 'GET', path: '/openapi.json', encodeError: encodeProblem },
  { method: 'GET', path: '/docs', encodeError: encodeProblem },
  { method: 'POST', path: '/invocations', protocols: [mlflow, csv], encodeError: encodeMlflowError },
  { method: 'GET', path: '/version', encodeError: encodeProblem },
  { method: 'GET', path: '/v2', encodeError: encodeOpenInferenceError },
  { method: 'GET', path: '/v2/models/{model}', encodeError: encodeOpenInferenceError },
  {
    method: 'POST',
    path: '/v2/models/{model}/infer',
    protocols: [openInference],
    encodeError: encodeOpenInferenceError,
  },
  {
    method: 'POST',
    path: '/v2/models/{model}/versions/{version}/infer',
    protocols: [openInference],
    encodeError: encodeOpenInferenceError,
  },
  { method: 'GET', path: '/new/{thing}', encodeError: encodeProblem },
  {
    method: 'POST',
    path: '/new/{thing}',
    protocols: [{ ...native, mediaTypes: ['application/new'] }],
    encodeError: encodeProblem,
  },
];

/** The routes without those of page files. */
const described = <Some extends RouteLike>(some: readonly Some[]) => some.filter(({ isPageFile }) => !isPageFile);

const iris = parseManifest(readManifest());
const mixed = withExample(
  manifestOf([
    { name: 'size, "cm"', dtype: 'float32', nullable: true },
    { name: 'age', dtype: 'int64' },
    { name: 'is~a/b', dtype: 'bool' },
    { name: '日 & co', dtype: 'string' },
  ]),
  [null, 3, true, "it's <b>"],
);

/** A model with nullable features, categories and a boolean. Its example row has missing values. */
const sparse = withExample(mixedManifest(), [null, 0.5, null, 'Wien', null]);
const matrix = withExample(
  manifestOf(
    [
      { name: 'b', dtype: 'bool' },
      { name: 'i', dtype: 'int64', nullable: true },
      { name: 'f', dtype: 'float32', categories: [0.5, 1.5], unknown: 'rejected' },
    ],
    'float64',
  ),
  [true, null, 1.5],
);
const times = (input?: 'float64') => {
  const columns: TestColumn[] = [
    { name: 'local', dtype: 'timestamp', nullable: true },
    { name: 'utc', dtype: 'timestamp', timezone: 'UTC' },
    { name: 'amount', dtype: 'float64' },
  ];
  return withExample(manifestOf(columns, input), ['2024-05-01T12:30:00', '2024-05-01T12:30:00Z', 1.5]);
};
const lone = withExample(manifestOf([{ name: 'a', dtype: 'string', nullable: true }]), [null]);

function withExample(manifest: Manifest, row: readonly unknown[]): Manifest {
  const [example] = readManifest().examples as Record<string, unknown>[];
  return parseManifest({ ...manifest, examples: [{ ...example, instances: [row] }] });
}

/** Returns a function that says whether a value fits the schema at a JSON pointer of the document. */
function createFits(document: OpenApiDocument): (pointer: string, value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'openapi.json');
  return (pointer, value) => {
    const validate = ajv.getSchema(`openapi.json#${encodeURI(pointer)}`);
    if (!validate) throw new Error(`there is no ${pointer}`);
    return validate(value) as boolean;
  };
}

interface Example {
  readonly pointer: string;
  readonly name: string;
  readonly value: unknown;
}

function* examplesOf(document: OpenApiDocument): Generator<Example> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item) as [string, Operation][]) {
      const at = `/paths/${step(path)}/${method}`;
      yield* contentExamples(`${at}/requestBody`, operation.requestBody?.content);
      for (const [status, { content }] of Object.entries(operation.responses)) {
        yield* contentExamples(`${at}/responses/${status}`, content);
      }
    }
  }
}

function* contentExamples(at: string, content: Content = {}): Generator<Example> {
  for (const [type, { examples = {} }] of Object.entries(content)) {
    const pointer = `${at}/content/${step(type)}/schema`;
    for (const [name, { value }] of Object.entries(examples)) yield { pointer, name, value };
  }
}

/** Every example of a request, with the protocol that reads it. */
function requestsOf(document: OpenApiDocument) {
  return table.flatMap(({ path, protocols = [] }) => {
    const content = document.paths[path]?.post?.requestBody?.content ?? {};
    return protocols.flatMap((protocol) =>
      Object.values(content[protocol.mediaTypes[0]]?.examples ?? {}).map(({ value }) => ({ protocol, value })),
    );
  });
}

const step = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const operationOf = (document: OpenApiDocument, method: 'get' | 'post', path: string) => {
  const operation = document.paths[path]?.[method];
  if (!operation) throw new Error(`there is no ${method} ${path}`);
  return operation;
};

describe('toOpenApi', () => {
  const answers = kindsOfAnswers();
  const unknown = {
    ...iris,
    parity: null,
    features: iris.features.map((feature) => ({ ...feature, baseline: null })),
  } as Manifest;
  const ofTimes = { times: times(), 'times in a matrix': times('float64') };
  const kinds = { iris, mixed, sparse, matrix, lone, regressor: regressorManifest(), unknown, ...answers, ...ofTimes };
  for (const [kind, manifest] of Object.entries(kinds)) {
    describe(`for ${kind}`, () => {
      const document = toOpenApi(manifest, table);
      const fits = createFits(document);

      it('is an OpenAPI document', async () => {
        const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
        expect(result).to.deep.include({ valid: true });
      });

      it('has examples that fit their schemas', () => {
        const examples = [...examplesOf(document)];
        expect(examples.length).to.be.above(table.length);
        for (const { pointer, name, value } of examples)
          expect(fits(pointer, value), `${pointer} ${name}`).to.equal(true);
      });

      it('has request examples that the protocols can read', () => {
        const parameters = { model: manifest.name, version: manifest.version };
        for (const { protocol, value } of requestsOf(document)) {
          const body = typeof value === 'string' ? value : JSON.stringify(value);
          const { instances } = protocol.decode({ headers: {}, parameters, body }, manifest, defaultLimits);
          expect(() => toFeeds(instances, manifest, defaultLimits), body).not.to.throw();
        }
      });

      it('refers only to schemas that it has', () => {
        const names = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
        for (const [, name] of names) expect(document.components.schemas).to.have.property(name ?? '');
      });
    });
  }

  const document = toOpenApi(iris, table);
  const fits = createFits(document);
  const fitsRequest = (value: unknown) => fits('/components/schemas/PredictRequest', value);

  it('has every route of a table, even one without a description', () => {
    for (const routeTable of [table, routes]) {
      const operations = Object.entries(toOpenApi(iris, routeTable).paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(operations).to.have.members(described(routeTable).map(({ method, path }) => `${method} ${path}`));
    }
    const unknown = operationOf(document, 'post', '/new/{thing}');
    expect(unknown.requestBody?.content).to.have.all.keys('application/new');
    expect(unknown.parameters?.map(({ name, schema }) => [name, schema])).to.deep.equal([
      ['thing', { type: 'string' }],
    ]);
  });

  it('has a description for every route of the service', () => {
    const served = toOpenApi(iris, routes);
    for (const { method, path } of described(routes)) {
      expect(operationOf(served, method === 'GET' ? 'get' : 'post', path).tags, path).to.have.lengthOf(1);
    }
  });

  const served = [iris, mixed, sparse, matrix, times(), regressorManifest(), unknown, ...Object.values(answers)];
  const fitsOf = onceFor((manifest: Manifest) => createFits(toOpenApi(manifest, routes)));
  for (const route of described(routes)) {
    if (!('document' in route)) continue;
    it(`has a schema that the answer of GET ${route.path} fits`, () => {
      for (const manifest of served) {
        const { name, version } = manifest;
        const parameters = { model: name, version };
        const { headers, body } = route.document(manifest, parameters, () => Buffer.alloc(0));
        const [type = ''] = headers['content-type']?.split(';') ?? [];
        const value = type === 'application/json' ? JSON.parse(String(body)) : body;
        const pointer = `/paths/${step(route.path)}/get/responses/200/content/${step(type)}/schema`;
        expect(fitsOf(manifest)(pointer, value)).to.equal(true);
      }
    });
  }

  it('gives each operation a unique id', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((one: Operation) => one.operationId),
    );
    expect(new Set(ids).size).to.equal(table.length);
  });

  it('has a server address that is right at the root and behind a stage', () => {
    const [server] = document.servers;
    for (const base of ['https://host', 'https://host/prod']) {
      const url = new URL(server?.url ?? '', `${base}/openapi.json`).href;
      expect(`${url.replace(/\/$/, '')}/predict`).to.equal(`${base}/predict`);
      expect(new URL(`${server?.url}/predict`, `${base}/openapi.json`).href).to.equal(`${base}/predict`);
    }
  });

  it('accepts the rows that the service accepts', () => {
    const row = [5.1, 3.5, 1.4, 0.2];
    const record = { petal_width: 0.2, sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4 };
    for (const body of [row, record, [row, record], { instances: [record] }]) expect(fitsRequest(body)).to.equal(true);

    const { petal_width: _, ...short } = record;
    const refused = [
      [],
      {},
      7,
      row.slice(1),
      [...row, 1],
      [...row.slice(1), '0.2'],
      [...row.slice(1), null],
      [...row.slice(1), Number.POSITIVE_INFINITY],
      short,
      { ...record, colour: 1 },
      { instances: [] },
      { instances: [row], more: 1 },
    ];
    for (const body of refused) expect(fitsRequest(body), JSON.stringify(body)).to.equal(false);
  });

  it('accepts the values of each type, and no others', () => {
    const fitsRow = createFits(toOpenApi(mixed, table));
    const takes = (row: unknown[]) => fitsRow('/components/schemas/Row', row);
    const widest = 3.4028235677973362e38;
    for (const number of [null, widest, -widest]) expect(takes([number, 3, true, '']), `${number}`).to.equal(true);
    for (const number of [3.4028235677973366e38, 1e39, '1']) {
      expect(takes([number, 3, true, '']), `${number}`).to.equal(false);
    }
    for (const [integer, isTaken] of [
      [2 ** 53 - 1, true],
      [2 ** 53, false],
      [0.5, false],
      [null, false],
    ]) {
      expect(takes([1, integer, true, '']), `${integer}`).to.equal(isTaken);
    }
    expect(takes([1, 3, 1, ''])).to.equal(false);
    expect(takes([1, 3, true, 4])).to.equal(false);
  });

  it('accepts the times that the service accepts', () => {
    const fitsTimes = createFits(toOpenApi(times(), table));
    const takes = (schema: string, local: unknown, utc: unknown) =>
      fitsTimes(`/components/schemas/${schema}`, [local, utc, 1]);
    const utc = '2024-05-01T12:30Z';
    for (const local of ['2024-05-01', '2024-02-29 23:59:59.5', '', null]) {
      expect(takes('Row', local, utc), `${local}`).to.equal(true);
    }
    for (const local of ['2023-02-29', utc, '1500-01-01', 1_714_564_800, 'NaT']) {
      expect(takes('Row', local, utc), `${local}`).to.equal(false);
    }
    for (const wrong of ['2024-05-01T12:30', '', null]) expect(takes('Row', null, wrong), `${wrong}`).to.equal(false);
    expect(takes('MlflowRow', 'NaT', utc)).to.equal(true);
    expect(takes('MlflowRow', null, 'NaT')).to.equal(false);
  });

  it('accepts only the categories of a feature, and missing values only if the feature may be missing', () => {
    const served = createFits(toOpenApi(sparse, table));
    const row = [42, 0.5, true, 'Graz', 'a'];
    const takes = (column: number, value: unknown) => {
      const values = row.with(column, value as string);
      const record = Object.fromEntries(values.map((one, index) => [sparse.features[index]?.name, one]));
      const byColumn = Object.fromEntries(Object.entries(record).map(([name, one]) => [name, [one]]));
      const fitting = [
        served('/components/schemas/Row', values),
        served('/components/schemas/Record', record),
        served('/components/schemas/MlflowRequest', { inputs: byColumn }),
      ];
      expect(new Set(fitting).size, JSON.stringify(value)).to.equal(1);
      return fitting[0];
    };
    for (const [column, value] of [
      [0, null],
      [2, null],
      [3, 'Linz'],
      [4, 'anything'],
      [4, ''],
      [4, null],
    ] as const) {
      expect(takes(column, value), `${column}: ${value}`).to.equal(true);
    }
    for (const [column, value] of [
      [1, null],
      [3, 'Bonn'],
      [3, ''],
      [3, null],
    ] as const) {
      expect(takes(column, value), `${column}: ${value}`).to.equal(false);
    }
  });

  it('accepts missing values beside categories, as the service does', () => {
    const schemaOf = (column: Omit<TestColumn, 'name'>) => {
      const { components } = toOpenApi(manifestOf([{ name: 'a', unknown: 'rejected', ...column }]), table);
      const { properties } = components.schemas.Record as { properties: { a: Schema } };
      return properties.a;
    };
    expect(schemaOf({ dtype: 'string', categories: ['a'], nullable: true })).to.deep.equal({
      type: ['string', 'null'],
      enum: ['a', '', null],
      description: 'null or an empty string if missing',
    });
    expect(schemaOf({ dtype: 'string', categories: null })).to.deep.equal({ type: 'string' });
    expect(schemaOf({ dtype: 'bool', categories: [0, 1] })).to.deep.equal({ type: 'boolean', enum: [false, true] });
    expect(schemaOf({ dtype: 'int64', categories: [1, 2], nullable: true }).enum).to.deep.equal([1, 2, null]);
  });

  it("describes a regressor's value and its training range", () => {
    const { Prediction } = toOpenApi(regressorManifest(), table).components.schemas;
    expect(Prediction?.properties).to.deep.equal({
      value: { type: 'number', description: 'species, trained on 4.3 to 7.9' },
    });
  });

  it('describes in words what the keywords of schemas cannot express', () => {
    const { properties } = toOpenApi(sparse, table).components.schemas.Record as { properties: Record<string, Schema> };
    const descriptions = Object.values(properties).map(({ description }) => description);
    const [{ baseline }] = readManifest().features as [{ baseline: { min: number; max: number } }];
    const range = `trained on ${baseline.min} to ${baseline.max}`;
    expect(descriptions).to.deep.equal([
      `${range}, null if missing`,
      `in EUR, ${range}`,
      'null if missing',
      undefined,
      'the model knows "a", "b" (2 values) and accepts others, null or an empty string if missing',
    ]);
  });

  it('offers one tensor for all features only where one type can hold them', () => {
    expect(toOpenApi(matrix, table).components.schemas).to.have.any.keys('InferMatrix');
    expect(toOpenApi(sparse, table).components.schemas).not.to.have.any.keys('InferMatrix');
    const takes = createFits(toOpenApi(sparse, table));
    const tensor = { name: 'X', shape: [1, 5], datatype: 'BYTES', data: ['1', '2', '3', '4', '5'] };
    expect(takes('/components/schemas/InferRequest', { inputs: [tensor] })).to.equal(false);
  });

  it('does not accept rows under the name instances if a feature has that name', () => {
    const named = toOpenApi(withExample(manifestOf([{ name: 'instances', dtype: 'float64' }]), [1]), table);
    expect(createFits(named)('/components/schemas/PredictRequest', { instances: [[1]] })).to.equal(false);
    expect(
      operationOf(named, 'post', '/predict').requestBody?.content['application/json']?.examples,
    ).not.to.have.any.keys('instances');
  });

  it("accepts what MLflow's server accepts", () => {
    const takes = (value: unknown) => fits('/components/schemas/MlflowRequest', value);
    const columns = iris.features.map(({ name }) => name);
    const data = [[1, 2, 3, 4]];
    expect(takes({ dataframe_split: { data, columns: columns.toReversed(), index: [0] }, params: null })).to.equal(
      true,
    );
    expect(takes({ dataframe_split: { data, columns: ['sepal_length', ...columns.slice(0, 3)] } })).to.equal(false);
    // pandas numbers the columns of a data frame without column names.
    expect(takes({ dataframe_split: { data, columns: [0, 1, 2, 3] } })).to.equal(true);
    expect(takes({ dataframe_split: { data, columns: [3, 2, 1, 0] } })).to.equal(false);
    // A record may leave out features that may be missing, even if all features have the same schema.
    const gaps = manifestOf([
      { name: 'a', dtype: 'float64', nullable: true },
      { name: 'b', dtype: 'float64', nullable: true },
    ]);
    const split = (columns: readonly string[]) => ({ dataframe_split: { data: [{ a: 1 }], columns } });
    const takesGaps = createFits(toOpenApi(withExample(gaps, [1, null]), table));
    expect(takesGaps('/components/schemas/MlflowRequest', split(['a']))).to.equal(true);
    expect(takesGaps('/components/schemas/MlflowRequest', split(['b']))).to.equal(false);
    expect(takes({ instances: data, inputs: data })).to.equal(false);
    const record = Object.fromEntries(columns.map((name) => [name, 1]));
    expect(takes({ instances: [{ ...record, id: 7 }], signature_name: 'x' })).to.equal(true);
    expect(takes({ instances: record })).to.equal(true);
    expect(takes({ dataframe_records: record })).to.equal(false);
    expect(takes({ instances: data, params: { predict_method: 'predict_proba' } })).to.equal(true);
    expect(takes({ instances: data, params: { predict_method: 'score' } })).to.equal(false);
    const content = operationOf(document, 'post', '/invocations').responses['200']?.content ?? {};
    expect(content['application/json']?.examples?.example?.value).to.deep.equal({ predictions: ['setosa'] });
    expect(content['text/csv']?.examples?.example?.value).to.match(/^label,setosa,versicolor,virginica\r\nsetosa,/);
    const probabilities = [[0.2, 0.3, 0.5]];
    const pointer = '/components/schemas/MlflowResponse';
    expect(fits(pointer, { predictions: probabilities })).to.equal(true);
    expect(fits(pointer, { predictions: [[0.2, 0.8]] })).to.equal(false);
    expect(fits(pointer, { predictions: [[0.2, 0.3, 0.4, 0.1]] })).to.equal(false);
  });

  it('accepts what the Open Inference Protocol accepts', () => {
    const takes = (value: unknown) => fits('/components/schemas/InferRequest', value);
    const column = { shape: [1, 1], datatype: 'FP64', data: [1] };
    const columns = iris.features.map(({ name }) => ({ name, ...column }));
    const matrix = { name: 'whatever', shape: [1, 4], datatype: 'FP64', data: [[1, 2, 3, 4]] };
    for (const inputs of [[matrix], columns, columns.toReversed()]) expect(takes({ inputs })).to.equal(true);
    expect(takes({ inputs: [matrix], id: null, parameters: null, outputs: [{ name: 'predict_proba' }] })).to.equal(
      true,
    );
    for (const inputs of [
      [],
      [matrix, matrix],
      columns.slice(1),
      [{ ...matrix, datatype: 'FP128' }],
      [{ ...matrix, shape: [4, 1] }],
    ]) {
      expect(takes({ inputs })).to.equal(false);
    }
    expect(takes({ inputs: [matrix], outputs: [{ name: 'colour' }] })).to.equal(false);
  });

  it('has schemas for the answers of a classifier and of a regressor', () => {
    const pointer = '/components/schemas/Prediction';
    const probabilities = { setosa: 1, versicolor: 0, virginica: 0 };
    expect(fits(pointer, { label: 'setosa', probabilities })).to.equal(true);
    expect(fits(pointer, { label: 'rose', probabilities })).to.equal(false);
    expect(fits(pointer, { label: 'setosa', probabilities: { ...probabilities, setosa: 1.5 } })).to.equal(false);

    const regressor = createFits(toOpenApi(regressorManifest(), table));
    expect(regressor(pointer, { value: -1.5 })).to.equal(true);
    expect(regressor(pointer, { label: 'setosa', probabilities })).to.equal(false);
    expect(regressor('/components/schemas/MlflowResponse', { predictions: [1.5] })).to.equal(true);
    const proba = { instances: [[1, 2, 3, 4]], params: { predict_method: 'predict_proba' } };
    expect(regressor('/components/schemas/MlflowRequest', proba)).to.equal(false);
  });

  it('has no example of an answer that would be refused: CSV with two columns of the same name', () => {
    const { paths } = toOpenApi(scoresManifest(['a', 'label', 'z']), routes);
    const contentOf = (path: string) => paths[path]?.post?.responses[200]?.content?.['text/csv'];
    expect(contentOf('/predict')?.examples).to.deep.equal({});
    expect(contentOf('/invocations')?.examples).to.have.property('example');
  });

  it('lists the errors of each route in the form of its protocol', () => {
    const errors = (method: 'get' | 'post', path: string) => {
      const { 200: _, 304: __, ...rest } = operationOf(document, method, path).responses;
      const schemas = Object.values(rest).flatMap(({ content = {} }) =>
        Object.entries(content).map(([type, { schema }]) => `${type} ${nameOf(schema)}`),
      );
      return [Object.keys(rest).join(' '), ...new Set(schemas)];
    };
    const problem = 'application/problem+json Problem';
    expect(errors('post', '/predict')).to.deep.equal(['400 405 406 413 415 422', problem]);
    expect(errors('get', '/model')).to.deep.equal(['405', problem]);
    expect(errors('post', '/invocations')).to.deep.equal(['400 405 406 413 415 422', 'application/json MlflowError']);
    const inference = '/v2/models/{model}/versions/{version}/infer';
    expect(errors('post', inference)).to.deep.equal(['400 404 405 406 413 415 422', 'application/json InferError']);
    expect(errors('get', '/v2/models/{model}')).to.deep.equal(['404 405', 'application/json InferError']);
  });

  it('documents the ETag of documents, and the request id of every answer', () => {
    const model = operationOf(document, 'get', '/model');
    expect(model.responses).to.have.any.keys('304');
    expect(model.responses['200']?.headers).to.have.all.keys('etag', 'x-request-id');
    expect(operationOf(document, 'get', '/version').responses).not.to.have.any.keys('304');
    for (const item of Object.values(document.paths)) {
      for (const { responses } of Object.values(item) as Operation[]) {
        for (const response of Object.values(responses)) expect(response.headers).to.have.any.keys('x-request-id');
      }
    }
  });

  it('accepts only the served model and version in a path', () => {
    const { parameters = [] } = operationOf(document, 'post', '/v2/models/{model}/versions/{version}/infer');
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name, schema }) => [name, schema.enum])).to.deep.equal([
      ['model', ['iris']],
      ['version', ['1.0.0']],
    ]);
  });
});

function nameOf({ $ref }: Schema): string {
  return String($ref).replace('#/components/schemas/', '');
}
