import fc from 'fast-check';
import { value } from './arbitraries.ts';
import { binaryRequest } from './binary.ts';
import { createHttpEvent, type TestRequest } from './http-event.ts';

const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

/** A valid value for a feature of iris, and sometimes an invalid one. */
const cell = fc.oneof(
  { weight: 60, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: value },
);
const row = fc.tuple(cell, cell, cell, cell);
/** A few rows, sometimes repeated so often that the answer is compressed. */
const rows = fc
  .tuple(
    fc.array(row, { minLength: 1, maxLength: 5 }),
    fc.oneof({ weight: 19, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(300) }),
  )
  .map(([table, times]) => Array.from({ length: times }, () => table).flat());
type Rows = readonly (readonly unknown[])[];

const toRecord = (values: readonly unknown[]) => Object.fromEntries(names.map((name, index) => [name, values[index]]));
const toColumns = (table: Rows) =>
  Object.fromEntries(names.map((name, index) => [name, table.map((one) => one[index])]));
const toCsv = (table: Rows) => table.map((values) => values.map(String).join()).join('\n');
const toTensor = (table: Rows) => ({ name: 'X', shape: [table.length, 4], data: table.flat() });

const json = { 'content-type': 'application/json' };
const csv = { 'content-type': 'text/csv' };
const post = (path: string, document: unknown): TestRequest => ({
  path,
  headers: json,
  body: JSON.stringify(document),
});
const infer = '/v2/models/iris/infer';
const params = { predict_method: 'predict_proba' };
const binary = { parameters: { binary_data_output: true } };

/** The ways to write rows in a request, for each protocol and format. */
const ways: readonly ((table: Rows) => TestRequest)[] = [
  (table) => post('/predict', table),
  (table) => post('/predict', table[0]),
  (table) => post('/predict', { instances: table.map(toRecord) }),
  (table) => ({ path: '/predict', headers: csv, body: toCsv(table) }),
  (table) => ({ path: '/predict', headers: { ...csv, accept: 'text/csv' }, body: `${names}\n${toCsv(table)}` }),
  (table) => ({ ...post('/predict', table), headers: { ...json, accept: 'text/csv' } }),
  (table) => post('/invocations', { instances: table, params }),
  (table) => post('/invocations', { dataframe_split: { columns: names, data: table } }),
  (table) => post('/invocations', { inputs: toColumns(table), params }),
  (table) => ({ path: '/invocations', headers: { ...csv, accept: 'text/csv' }, body: toCsv(table) }),
  (table) => post(infer, { inputs: [{ ...toTensor(table), datatype: 'FP64' }] }),
  (table) => post(infer, { inputs: [{ ...toTensor(table), datatype: 'FP32' }], ...binary }),
  (table) => ({
    path: infer,
    ...binaryRequest(
      table.map((values) => values.map(Number)),
      binary,
    ),
  }),
];

/** An HTTP event that asks for predictions. Most are valid requests, and some have invalid values. */
export const nearValidEvent = fc
  .record({ table: rows, way: fc.constantFrom(...ways), packed: fc.boolean() })
  .map(({ table, way, packed }) => {
    const { headers, ...request } = way(table);
    return createHttpEvent({ ...request, headers: { ...headers, ...(packed && { 'accept-encoding': 'gzip' }) } });
  });
