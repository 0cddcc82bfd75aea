import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { routes } from '../../functions/predict/routes.ts';
import { readManifest } from '../helpers/files.ts';
import type { TestRequest } from '../helpers/http-event.ts';
import type { Answer, Exchange, Kind } from './exchange.ts';
import { createInfer, readInferLabels } from './open-inference.ts';
import { drawSample, type Random, type Sample } from './random.ts';

const names = (readManifest().features as { name: string }[]).map(({ name }) => name);

export const json = { 'content-type': 'application/json' };
export const csv = { 'content-type': 'text/csv' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const gzip = { ...json, 'content-encoding': 'gzip' };

const toRecords = ({ rows }: Sample) => rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
const toColumns = ({ rows }: Sample) => Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i])]));
const toCsv = ({ rows }: Sample) => [names, ...rows].map((fields) => `${fields.join(',')}\n`).join('');
const text = (document: unknown) => JSON.stringify(document);

type ToRequest = (sample: Sample) => TestRequest;
type ReadLabels = (answer: Answer) => readonly string[];

/** A kind of request: for predictions of a few rows, or of `size` rows. The check expects the labels of the rows. */
function predicts(name: string, toRequest: ToRequest, readLabels: ReadLabels, { weight = 10, size = 0 } = {}): Kind {
  const create = (random: Random): Exchange => {
    const sample = drawSample(random, size || 1 + random(8));
    const check = (answer: Answer) => {
      expect(answer.status, answer.body.toString().slice(0, 500)).to.equal(200);
      expect(readLabels(answer)).to.deep.equal(sample.labels);
    };
    return { request: toRequest(sample), check };
  };
  return { name, weight, create };
}

const parse = ({ body }: Answer) => JSON.parse(body.toString());
const fromDocument: ReadLabels = (answer) => {
  expect(answer.headers['content-type']).to.equal('application/json');
  return parse(answer).predictions.map((prediction: { label: string }) => prediction.label);
};
const fromMlflow: ReadLabels = (answer) => parse(answer).predictions;
const fromCsv: ReadLabels = (answer) => {
  expect(answer.headers['content-type']).to.match(/^text\/csv/);
  const [header, ...records] = answer.body.toString().trimEnd().split('\r\n');
  expect(header).to.equal('label,setosa,versicolor,virginica');
  return records.map((record) => record.split(',')[0] ?? '');
};
/** Reads the classes of the largest probabilities. */
const fromProbabilities: ReadLabels = (answer) =>
  parse(answer).predictions.map((row: number[]) => {
    expect(row.reduce((sum, value) => sum + value)).to.be.closeTo(1, 1e-12);
    return ['setosa', 'versicolor', 'virginica'][row.indexOf(Math.max(...row))];
  });

const path = '/predict';
const large = { weight: 2, size: 2000 };

const native: readonly Kind[] = [
  predicts('one row', ({ rows }) => ({ path, headers: json, body: text(rows[0]) }), fromDocument, { size: 1 }),
  predicts('one row, form', ({ rows }) => ({ path, headers: form, body: text(rows[0]) }), fromDocument, { size: 1 }),
  predicts('rows', ({ rows }) => ({ path, headers: json, body: text(rows) }), fromDocument),
  predicts('rows, no type', ({ rows }) => ({ path, body: text(rows) }), fromDocument),
  predicts('records', (sample) => ({ path, headers: json, body: text(toRecords(sample)) }), fromDocument),
  predicts('instances', ({ rows }) => ({ path, headers: json, body: text({ instances: rows }) }), fromDocument),
  predicts('gzip', ({ rows }) => ({ path, headers: gzip, body: gzipSync(text(rows)) }), fromDocument),
  predicts('CSV', (sample) => ({ path, headers: csv, body: toCsv(sample) }), fromDocument),
  predicts(
    'CSV, CSV back',
    (sample) => ({ path, headers: { ...csv, accept: 'text/csv' }, body: toCsv(sample) }),
    fromCsv,
  ),
  predicts('2,000 rows', ({ rows }) => ({ path, headers: json, body: text(rows) }), fromDocument, large),
  predicts(
    '2,000 records, gzip both ways',
    (sample) => ({ path, headers: { ...gzip, 'accept-encoding': 'gzip' }, body: gzipSync(text(toRecords(sample))) }),
    fromDocument,
    large,
  ),
  predicts('2,000 rows of CSV', (sample) => ({ path, headers: csv, body: toCsv(sample) }), fromDocument, large),
];

const invocations = (document: unknown) => ({ path: '/invocations', headers: json, body: text(document) });
const params = { predict_method: 'predict_proba' };

const mlflow: readonly Kind[] = [
  predicts(
    'MLflow dataframe_split',
    ({ rows }) => invocations({ dataframe_split: { columns: names, data: rows } }),
    fromMlflow,
  ),
  predicts(
    'MLflow dataframe_records',
    (sample) => invocations({ dataframe_records: toRecords(sample), params }),
    fromProbabilities,
  ),
  predicts('MLflow instances', ({ rows }) => invocations({ instances: rows }), fromMlflow),
  predicts('MLflow inputs', (sample) => invocations({ inputs: toColumns(sample), params }), fromProbabilities),
  predicts('MLflow CSV', (sample) => ({ path: '/invocations', headers: csv, body: toCsv(sample) }), fromMlflow),
  predicts('MLflow, 2,000 rows', ({ rows }) => invocations({ instances: rows }), fromMlflow, large),
];

/**
 * A kind of request like those of `predicts`. The check also expects the request's id in the answer, so that it notices
 * the answer to another request.
 */
function infers(name: string, form: 'matrix' | 'columns' | 'binary', { weight = 10, size = 0 } = {}): Kind {
  const create = (random: Random): Exchange => {
    const sample = drawSample(random, size || 1 + random(8));
    const id = `soak-${random(2 ** 32)}`;
    const check = (answer: Answer) => {
      expect(answer.status, answer.body.toString().slice(0, 500)).to.equal(200);
      expect(readInferLabels(answer, id)).to.deep.equal(sample.labels);
    };
    return { request: createInfer(sample.rows, names, id, form), check };
  };
  return { name, weight, create };
}

const openInference: readonly Kind[] = [
  infers('Open Inference, matrix', 'matrix'),
  infers('Open Inference, columns', 'columns'),
  infers('Open Inference, binary', 'binary'),
  infers('Open Inference, 2,000 rows', 'matrix', large),
  infers('Open Inference, 2,000 rows, binary', 'binary', large),
];

/** A kind of request: for a document. The check expects to get it. */
export function reads(path: string, method = 'GET'): Kind {
  const check = ({ status, body, headers }: Answer) => {
    expect(status).to.equal(200);
    expect(body.length > 0).to.equal(method === 'GET');
    if (method === 'GET' && headers['content-type'] === 'application/json') JSON.parse(body.toString());
  };
  return { name: `${method} ${path}`, weight: 2, create: () => ({ request: { method, path }, check }) };
}

const { name, version } = readManifest() as { name: string; version: string };

/**
 * All documents of the service. The files of `GET /docs` are left out here, because only that page knows their names.
 */
const documents: readonly Kind[] = [
  ...routes
    .filter(({ method, path }) => method === 'GET' && !path.includes('{file}'))
    .map(({ path }) => reads(path.replace('{model}', name).replace('{version}', version))),
  reads('/model', 'HEAD'),
];

export const validRequests: readonly Kind[] = [...native, ...mlflow, ...openInference, ...documents];
