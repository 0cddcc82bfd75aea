import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import { toOpenApi } from '../../functions/predict/openapi/openapi.ts';
import { csv, mlflowCsv } from '../../functions/predict/protocols/csv.ts';
import { mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { native } from '../../functions/predict/protocols/native.ts';
import { toModelMetadata } from '../../functions/predict/protocols/open-inference/documents.ts';
import { openInference } from '../../functions/predict/protocols/open-inference/open-inference.ts';
import type { Protocol, ProtocolRequest } from '../../functions/predict/protocols/protocol.ts';
import { routes } from '../../functions/predict/routes.ts';
import { stabilityIndex, toBins } from '../../functions/predict/telemetry/drift.ts';
import { createMonitor } from '../../functions/predict/telemetry/monitor.ts';
import { bytesOf } from '../helpers/binary.ts';
import { manifestOf, type TestColumn } from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';

const columns: readonly TestColumn[] = [
  { name: 'local', dtype: 'timestamp', nullable: true },
  { name: 'utc', dtype: 'timestamp', timezone: 'UTC' },
  { name: 'amount', dtype: 'float64' },
];
const manifest = manifestOf(columns);
const matrix = manifestOf(columns, 'float64');
const names = columns.map(({ name }) => name);

const noon = 1_714_564_800_000_000;
const rows = [
  ['2024-05-01T12:00:00', '2024-05-01T12:00:00Z', 1.5],
  [null, '2024-05-01 14:00+02:00', 2],
  ['1969-12-31 23:59:59.999999', '1970-01-01T00:00:00.000001Z', 3],
  ['2024-05-01', '2024-05-01T12:00:00.000-0000', 4],
];
const midnight = Date.UTC(2024, 4, 1) * 1000;
const stored = [
  [noon, noon, 1.5],
  [Number.NaN, noon, 2],
  [-1, 1, 3],
  [midnight, noon, 4],
];

type Way = [what: string, protocol: Protocol, request: Partial<ProtocolRequest>];

const send = (protocol: Protocol, request: Partial<ProtocolRequest>, model: Manifest): Tensors => {
  const parameters = { model: model.name };
  const decoded = protocol.decode({ headers: {}, parameters, body: '', ...request }, model, defaultLimits);
  return toFeeds(decoded.instances, model, defaultLimits);
};
const json = (document: unknown) => ({ body: JSON.stringify(document) });
const toRecords = (some: readonly (readonly unknown[])[]) =>
  some.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
const lines = (some: readonly (readonly unknown[])[]) =>
  some.map((row) => `${row.map((one) => one ?? '').join()}\n`).join('');
const withMissing = (text: string) => rows.map((row) => row.map((value) => value ?? text));
const inputs = (some: readonly (readonly unknown[])[], parameters?: object) =>
  names.map((name, index) => {
    const datatype = index === 2 ? 'FP64' : 'BYTES';
    const others = index < 2 && parameters ? { parameters } : {};
    return { name, datatype, shape: [some.length, 1], data: some.map((row) => row[index]), ...others };
  });

function binary(some: readonly (readonly unknown[])[]) {
  const tensors = [0, 1].map((index) => bytesOf(...some.map((row) => String(row[index] ?? ''))));
  const amounts = Buffer.from(Float64Array.from(some, (row) => Number(row[2])).buffer);
  const declared = [...tensors, amounts].map(({ length }, index) => ({
    name: names[index],
    datatype: index < 2 ? 'BYTES' : 'FP64',
    shape: [some.length, 1],
    parameters: { binary_data_size: length },
  }));
  const head = Buffer.from(JSON.stringify({ inputs: declared }));
  return {
    headers: { 'inference-header-content-length': String(head.length) },
    body: Buffer.concat([head, ...tensors, amounts]),
  };
}

function errorsOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}

describe('a model of times', () => {
  const ways: Way[] = [
    ['rows', native, json(rows)],
    ['records', native, json(toRecords(rows))],
    ['rows whose missing time is an empty text', native, json(withMissing(''))],
    ['CSV without a header', csv, { body: lines(rows) }],
    ['CSV with a header', csv, { body: `${names}\n${lines(rows)}` }],
    ['CSV with spaces around a time', csv, { body: lines(rows.map((row) => [row[0], ` ${row[1]} `, row[2]])) }],
    ['CSV whose missing time is NaT', csv, { body: lines(withMissing('NaT')) }],
    ["MLflow's CSV", mlflowCsv, { body: `${names}\n${lines(rows)}` }],
    ['MLflow dataframe_split', mlflow, json({ dataframe_split: { columns: names, data: rows } })],
    ['MLflow dataframe_records with NaT', mlflow, json({ dataframe_records: toRecords(withMissing('NaT')) })],
    ['MLflow instances', mlflow, json({ instances: rows })],
    ['Open Inference', openInference, json({ inputs: inputs(rows) })],
    ['Open Inference of MLServer', openInference, json({ inputs: inputs(rows, { content_type: 'datetime' }) })],
    ['Open Inference of binary tensors', openInference, binary(rows)],
  ];
  for (const [what, protocol, request] of ways) {
    it(`reads ${what}, with an input for each feature or one matrix`, () => {
      const expected = names.map((name, column) => {
        const data = Float64Array.from(stored, (row) => row[column] as number);
        return [name, { dtype: 'float64', dims: [4, 1], data }];
      });
      expect(send(protocol, request, manifest)).to.deep.equal(Object.fromEntries(expected));
      expect(send(protocol, request, matrix)).to.deep.equal({
        X: { dtype: 'float64', dims: [4, 3], data: Float64Array.from(stored.flat()) },
      });
    });
  }

  it('reads a matrix of texts if all features are times', () => {
    const times = manifestOf(columns.slice(0, 2), 'float64');
    const data = rows.flatMap((row) => row.slice(0, 2));
    const request = json({ inputs: [{ name: 'X', datatype: 'BYTES', shape: [4, 2], data }] });
    expect(send(openInference, request, times).X?.data).to.deep.equal(
      Float64Array.from(stored.flatMap((row) => row.slice(0, 2))),
    );
  });

  it('reads many rows of CSV in the same way as a few', () => {
    const many = Array.from({ length: 100 }, (_, index) => rows[index % rows.length] as unknown[]);
    const { local, utc } = send(csv, { body: lines(many) }, manifest);
    const at = (column: number) => Float64Array.from(many, (_, index) => stored[index % 4]?.[column] as number);
    expect([local?.data, utc?.data]).to.deep.equal([at(0), at(1)]);
  });

  const expectedLocal = 'expected a time in ISO 8601, such as 2024-05-01T12:30:00';
  const expectedUtc = `${expectedLocal}Z`;
  const wrong = [
    [1_714_564_800, null, 1],
    ['2024-05-01T12:00Z', '2024-05-01T12:00', 1],
    ['2023-02-30', 'NaT', 1],
    ['1500-01-01', true, 1],
  ];
  const details = [
    `${expectedLocal}, got a number`,
    `${expectedUtc}, got null`,
    'expected a local time, such as 2024-05-01T12:30:00, got one with an offset from UTC',
    'expected a time with its offset from UTC, such as 2024-05-01T12:30:00Z, got one without',
    'expected a date of the calendar, got one that does not exist',
    `${expectedUtc}, got another string`,
    'expected a time from 1685-01-01 to 2254-12-31',
    `${expectedUtc}, got a boolean`,
  ];
  it('points at each value that is not a time, without quoting it', () => {
    expect(errorsOf(() => send(native, json(wrong), manifest))).to.deep.equal(
      details.map((detail, index) => `/${Math.floor(index / 2)}/${index % 2}: ${detail}`),
    );
    const split = json({ dataframe_split: { columns: names, data: wrong } });
    expect(errorsOf(() => send(mlflow, split, matrix))).to.deep.equal(
      details.map((detail, index) => `/dataframe_split/data/${Math.floor(index / 2)}/${index % 2}: ${detail}`),
    );
  });

  it('points at each field of CSV that is not a time', () => {
    const body = `${names}\n1714564800,,1\n2024-05-01T12:00Z,NaT,1\n,x,1\n`;
    expect(errorsOf(() => send(csv, { body }, manifest))).to.deep.equal([
      `/1/local: ${expectedLocal}, got another string`,
      `/1/utc: ${expectedUtc}, got a field that is read as a missing value`,
      '/2/local: expected a local time, such as 2024-05-01T12:30:00, got one with an offset from UTC',
      `/2/utc: ${expectedUtc}, got a field that is read as a missing value`,
      `/3/utc: ${expectedUtc}, got another string`,
    ]);
  });

  it('accepts NaT only in the protocols whose bodies pandas writes', () => {
    expect(errorsOf(() => send(native, json([['NaT', '2024-05-01T12:00Z', 1]]), manifest))).to.deep.equal([
      `/0/0: ${expectedLocal}, got another string`,
    ]);
  });

  it('refuses tensors of numbers', () => {
    const request = inputs(rows).map((input) => ({ ...input, datatype: 'FP64', data: [1, 2, 3, 4] }));
    const [first] = errorsOf(() => send(openInference, json({ inputs: request }), manifest));
    expect(first).to.equal(`/inputs/0/data/0: ${expectedLocal}, got a number`);
    const one = { inputs: [{ name: 'X', datatype: 'FP64', shape: [1, 3], data: [1, 2, 3] }] };
    expect(errorsOf(() => send(openInference, json(one), matrix))).to.deep.equal([
      `/inputs/0/data/0: ${expectedLocal}, got a number`,
      `/inputs/0/data/1: ${expectedUtc}, got a number`,
    ]);
  });
});

describe('the first line of CSV of times', () => {
  const times = manifestOf(columns.slice(0, 2));
  const read = (body: string) => errorsOf(() => send(csv, { body }, times));

  it('is a row if it has times, even in a wrong zone, and a header if it has names', () => {
    expect(read('2024-05-01,2024-05-01T12:00Z\n')).to.deep.equal([]);
    expect(read(',2024-05-01T12:00Z\n')).to.deep.equal([]);
    expect(read('local,utc\n2024-05-01,2024-05-01T12:00Z\n')).to.deep.equal([]);
    expect(read('2024-05-01Z,2024-05-01\n')).to.deep.equal([
      '/0/local: expected a time in ISO 8601, such as 2024-05-01T12:30:00, got another string',
      '/0/utc: expected a time with its offset from UTC, such as 2024-05-01T12:30:00Z, got one without',
    ]);
    expect(read('2024-05-01T12:00Z,2024-05-01T12:00\n')).to.have.length(2);
  });

  it('is refused if it has neither times nor names', () => {
    expect(read('1714564800,1714564800\n')).to.deep.equal([
      '/0: expected the names of features, or 2 values, in the first record, got 2 fields that are neither',
    ]);
  });
});

describe('the description of times', () => {
  const document = toOpenApi(withExample(manifest), routes);
  const { schemas } = document.components;

  function withExample(model: Manifest): Manifest {
    const [example] = model.examples;
    return parseManifest({ ...model, examples: [{ ...example, instances: [rows[0]] }] });
  }

  it('has a schema for each kind of zone', () => {
    expect(schemas).to.include.all.keys('LocalTime', 'UtcTime');
    const { prefixItems } = schemas.Row as { prefixItems: object[] };
    const trained = 'trained on 2020-01-01T00:00:00';
    expect(prefixItems.slice(0, 2)).to.deep.equal([
      {
        anyOf: [{ $ref: '#/components/schemas/LocalTime' }, { enum: ['', null] }],
        description: `${trained} to 2024-01-01T00:00:00, null or an empty string if missing`,
      },
      { $ref: '#/components/schemas/UtcTime', description: `${trained}Z to 2024-01-01T00:00:00Z` },
    ]);
    const numbers = toOpenApi(manifestOf(columns.slice(2)), routes);
    expect(numbers.components.schemas).not.to.include.any.keys('LocalTime', 'UtcTime');
  });

  it('lets all features share a tensor of texts if all are times', () => {
    expect(schemas).not.to.include.any.keys('InferMatrix');
    const { components } = toOpenApi(manifestOf(columns.slice(0, 2)), routes);
    expect(components.schemas).to.include.any.keys('InferMatrix');
  });

  it('lists a tensor of texts for each time, even if the model has one matrix', () => {
    for (const model of [manifest, matrix]) {
      const { inputs: described } = JSON.parse(String(toModelMetadata(model, { model: model.name }).body));
      expect(described).to.deep.equal([
        { name: 'local', datatype: 'BYTES', shape: [-1, 1] },
        { name: 'utc', datatype: 'BYTES', shape: [-1, 1] },
        { name: 'amount', datatype: 'FP64', shape: [-1, 1] },
      ]);
    }
  });
});

describe('the distribution of times', () => {
  it('is measured like that of numbers', () => {
    const [local] = manifest.features;
    const bins = toBins(local as Manifest['features'][number], 'float64');
    const counted = new Array<number>(bins.size).fill(0);
    for (let year = 2020; year < 2024; year += 1) {
      for (let month = 0; month < 12; month += 1) {
        const counter = bins.counterOf(Date.UTC(year, month, 15) * 1000);
        counted[counter] = (counted[counter] ?? 0) + 1;
      }
    }
    expect(stabilityIndex(bins, counted)).to.be.below(0.05);
  });

  it('has a range, and rows outside of it are counted', () => {
    const some = [
      ['2020-01-01', '2024-01-01T00:00Z', 5],
      ['2019-12-31T23:59:59.999999', '2020-01-01T00:00Z', 5],
      ['2024-01-01', '2024-01-01T00:00-00:01', 5],
      [null, '2021-01-01T00:00Z', 5],
    ];
    for (const model of [manifest, matrix]) {
      const feeds = toFeeds(
        fromRows(some, () => ''),
        model,
        defaultLimits,
      );
      const predictions = predictionsOf(model, { label: [0, 0, 0, 0] });
      const observe = createMonitor(model, { lowConfidence: 0.5, driftWindowRows: 0 });
      expect(observe(feeds, predictions).outOfRange).to.equal(2);
    }
  });
});

describe('model.json of times', () => {
  const [local, utc, amount] = manifest.features;
  const of =
    (feature: object, others: object = {}) =>
    () =>
      parseManifest({ ...manifest, features: [{ ...local, ...feature }, utc, amount], ...others });

  it('has a timezone for each time, and no unit or categories', () => {
    expect(of({})).not.to.throw();
    expect(of({ timezone: 'UTC' })).not.to.throw();
    for (const wrong of [{ timezone: 'Europe/Vienna' }, { timezone: undefined }, { unit: 'µs' }, { categories: {} }]) {
      expect(of(wrong), JSON.stringify(wrong)).to.throw(/features\.0\./);
    }
    expect(() => parseManifest({ ...manifest, features: [local, utc, { ...amount, timezone: null }] })).to.throw(
      'timezone',
    );
  });

  it('needs an input of float64, the only type that holds both microseconds and missing values', () => {
    for (const dtype of ['float32', 'int64', 'string']) {
      const [first, ...inputs] = manifest.inputs;
      expect(of({}, { inputs: [{ ...first, dtype }, ...inputs] }), dtype).to.throw('do not fit into its input');
    }
  });

  it('has a baseline within the times that clients can send', () => {
    const { baseline } = local as { baseline: object };
    expect(of({ baseline: null })).not.to.throw();
    for (const [end, value] of [
      ['max', 9e15],
      ['min', -9e15],
    ] as const) {
      expect(of({ baseline: { ...baseline, [end]: value } })).to.throw(
        'features.0.baseline: expected a time from 1685',
      );
    }
  });
});
