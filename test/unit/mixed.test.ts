import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { native } from '../../functions/predict/protocols/native.ts';
import { openInference } from '../../functions/predict/protocols/open-inference/open-inference.ts';
import type { Protocol, ProtocolRequest } from '../../functions/predict/protocols/protocol.ts';
import { bytesOf, float64 } from '../helpers/binary.ts';
import { manifestOf, mixedManifest } from '../helpers/manifest.ts';

const mixed = mixedManifest();
const names = mixed.features.map(({ name }) => name);
const matrix = manifestOf(
  [
    { name: 'i', dtype: 'int64' },
    { name: 'f', dtype: 'float32' },
    { name: 'd', dtype: 'float64', nullable: true },
    { name: 'b', dtype: 'bool', nullable: true },
  ],
  'float64',
);

type Way = [what: string, protocol: Protocol, request: Partial<ProtocolRequest>];

const send = (protocol: Protocol, request: Partial<ProtocolRequest>, manifest: Manifest): Tensors => {
  const parameters = { model: manifest.name };
  const decoded = protocol.decode({ headers: {}, parameters, body: '', ...request }, manifest, defaultLimits);
  return toFeeds(decoded.instances, manifest, defaultLimits);
};
const json = (document: unknown) => ({ body: JSON.stringify(document) });
const toRecords = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
const toColumns = (rows: readonly (readonly unknown[])[]) =>
  Object.fromEntries(names.map((name, index) => [name, rows.map((row) => row[index])]));

/** A request of the Open Inference Protocol with one tensor for each feature, in these datatypes. */
const columns = (rows: readonly (readonly unknown[])[], ...datatypes: readonly string[]) =>
  json({
    inputs: datatypes.map((datatype, index) => {
      return { name: names[index], datatype, shape: [rows.length], data: rows.map((row) => row[index]) };
    }),
  });

/** A request of the Open Inference Protocol with binary tensors. */
const binary = (shape: readonly number[], ...tensors: readonly [name: string, datatype: string, Buffer][]) => {
  const inputs = tensors.map(([name, datatype, { length }]) => {
    return { name, datatype, shape, parameters: { binary_data_size: length } };
  });
  const head = Buffer.from(JSON.stringify({ inputs }));
  return {
    headers: { 'inference-header-content-length': String(head.length) },
    body: Buffer.concat([head, ...tensors.map(([, , bytes]) => bytes)]),
  };
};

const column = (data: Float64Array | string[]) => {
  return { dtype: Array.isArray(data) ? 'string' : 'float64', dims: [data.length, 1], data };
};

describe('a model of numbers, booleans and strings', () => {
  const rows = [
    [42, 0.1, true, 'Graz', 'c, d'],
    [null, 2.5, null, 'Wien', null],
    [-1, 1e-3, false, 'Linz', ''],
  ];
  const table = '42,0.1,True,Graz,"c, d"\n,2.5,,Wien,\n-1,1e-3,false,Linz,""\n';
  const header = 'city,note,age,income,member\n';
  const turned = 'Graz,"c, d",42,0.1,True\nWien,,,2.5,\nLinz,"",-1,1e-3,false\n';
  const numbers = rows.map((row) => row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  const float32 = Buffer.from(Float32Array.of(0.1, 2.5, 1e-3).buffer);

  const ways: Way[] = [
    ['rows', native, json(rows)],
    ['records', native, json(toRecords(rows))],
    ['instances', native, json({ instances: rows })],
    ['CSV without a header', csv, { body: table }],
    ['CSV with a header', csv, { body: header + turned }],
    ['MLflow dataframe_split', mlflow, json({ dataframe_split: { columns: names, data: rows } })],
    ['MLflow dataframe_records', mlflow, json({ dataframe_records: toRecords(rows) })],
    ['MLflow instances', mlflow, json({ instances: rows })],
    ['MLflow inputs', mlflow, json({ inputs: toColumns(rows) })],
    [
      "Open Inference with the features' types",
      openInference,
      columns(rows, 'INT64', 'FP32', 'BOOL', 'BYTES', 'BYTES'),
    ],
    ['Open Inference with other types', openInference, columns(numbers, 'FP64', 'FP64', 'INT8', 'BYTES', 'BYTES')],
    [
      'Open Inference with binary tensors, missing values as NaN',
      openInference,
      binary(
        [3, 1],
        ['note', 'BYTES', bytesOf('c, d', '', '')],
        ['age', 'FP64', float64(42, Number.NaN, -1)],
        ['member', 'FP64', float64(1, Number.NaN, 0)],
        ['city', 'BYTES', bytesOf('Graz', 'Wien', 'Linz')],
        ['income', 'FP32', float32],
      ),
    ],
  ];
  const expected = {
    age: column(Float64Array.of(42, Number.NaN, -1)),
    income: column(Float64Array.of(Math.fround(0.1), 2.5, Math.fround(1e-3))),
    member: column(Float64Array.of(1, Number.NaN, 0)),
    city: column(['Graz', 'Wien', 'Linz']),
    note: column(['c, d', '', '']),
  };
  for (const [what, protocol, request] of ways) {
    it(`reads ${what}`, () => {
      expect(send(protocol, request, mixed)).to.deep.equal(expected);
    });
  }

  const wrong = [
    ['1', 0.1, 2, 'Bonn', 'c'],
    [1.5, null, false, null, 'c'],
  ];
  const details = [
    'expected an integer, got a string',
    'expected true or false, got a number',
    'expected one of "Graz", "Wien", "Linz" (3 values)',
    'expected an integer, got a number with a fraction',
    'expected a number, got null',
    'expected a string, got null',
  ];
  const places = [
    [0, 0],
    [0, 2],
    [0, 3],
    [1, 0],
    [1, 1],
    [1, 3],
  ] as const;
  const refusals: [...Way, pointerOf: (row: number, key: number) => string][] = [
    ['rows', native, json(wrong), (row, key) => `/${row}/${key}`],
    ['records', native, json(toRecords(wrong)), (row, key) => `/${row}/${names[key]}`],
    [
      'MLflow dataframe_split',
      mlflow,
      json({ dataframe_split: { columns: names, data: wrong } }),
      (row, key) => `/dataframe_split/data/${row}/${key}`,
    ],
    ['MLflow inputs', mlflow, json({ inputs: toColumns(wrong) }), (row, key) => `/inputs/${names[key]}/${row}`],
  ];
  for (const [what, protocol, request, pointerOf] of refusals) {
    it(`points at each wrong value in ${what}`, () => {
      expect(errorsOf(() => send(protocol, request, mixed))).to.deep.equal(
        places.map(([row, key], index) => `${pointerOf(row, key)}: ${details[index]}`),
      );
    });
  }

  it('points at each wrong value in CSV', () => {
    expect(errorsOf(() => send(csv, { body: `${names}\nx,,2,Bonn,c\n1,,0,,c\n` }, mixed))).to.deep.equal([
      '/1/age: expected an integer, got a string',
      '/1/income: expected a number, got a field that is read as a missing value',
      '/1/member: expected true or false, got a string',
      '/1/city: expected one of "Graz", "Wien", "Linz" (3 values)',
      '/2/income: expected a number, got a field that is read as a missing value',
      '/2/city: expected a string, got a field that is read as a missing value',
    ]);
  });

  it('points at each wrong value in tensors', () => {
    const unfit = [
      [1.5, null, 2, 'Bonn', 'c'],
      [1, 1, 0.5, null, 'c'],
    ];
    const request = columns(unfit, 'FP64', 'FP64', 'FP64', 'BYTES', 'BYTES');
    expect(errorsOf(() => send(openInference, request, mixed))).to.deep.equal([
      '/inputs/0/data/0: expected an integer, got a number with a fraction',
      '/inputs/1/data/0: expected a number, got null',
      '/inputs/2/data/0: expected true or false, got a number',
      '/inputs/3/data/0: expected one of "Graz", "Wien", "Linz" (3 values)',
      '/inputs/2/data/1: expected true or false, got a number',
      '/inputs/3/data/1: expected a string, got null',
    ]);
  });
});

describe('a model of one matrix', () => {
  const rows = [
    [3, 0.1, 0.1, true],
    [-4, 2, null, null],
  ];
  const flat = [3, 0.1, 0.1, 1, -4, 2, Number.NaN, Number.NaN];
  const data = flat.map((value) => (Number.isNaN(value) ? null : value));
  const ways: Way[] = [
    ['rows', native, json(rows)],
    ['CSV', csv, { body: '3,0.1,0.1,TRUE\n-4,2,,\n' }],
    ['a tensor', openInference, json({ inputs: [{ name: 'X', datatype: 'FP64', shape: [2, 4], data }] })],
    ['a binary tensor', openInference, binary([2, 4], ['X', 'FP64', float64(...flat)])],
  ];
  for (const [what, protocol, request] of ways) {
    it(`reads ${what}: integers and booleans as numbers, float32 rounded, missing values as NaN`, () => {
      const stored = flat.with(1, Math.fround(0.1));
      expect(send(protocol, request, matrix)).to.deep.equal({
        X: { dtype: 'float64', dims: [2, 4], data: Float64Array.from(stored) },
      });
    });
  }

  it('refuses NaN for a feature that may not be missing', () => {
    const request = binary([1, 4], ['X', 'FP64', float64(1, Number.NaN, 1, 1)]);
    expect(errorsOf(() => send(openInference, request, matrix))).to.deep.equal([
      '/inputs/0/data/1: expected a number, got NaN',
    ]);
  });
});

function errorsOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}
