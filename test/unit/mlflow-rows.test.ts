import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import { mlflowCsv } from '../../functions/predict/protocols/csv.ts';
import { mlflow } from '../../functions/predict/protocols/mlflow.ts';
import { manifestOf } from '../helpers/manifest.ts';

interface Case {
  readonly model: string;
  readonly name: string;
  readonly csv: boolean;
  readonly body: string;
  /** The rows that MLflow's server gives to the model; null if it refuses the request. */
  readonly rows: readonly (readonly unknown[])[] | null;
}

const { cases }: { cases: Case[] } = JSON.parse(readFileSync('test/fixtures/mlflow_rows.json', 'utf8'));

const two = [
  { name: 'a', dtype: 'float64' },
  { name: 'b', dtype: 'float64' },
] as const;
const models: Readonly<Record<string, Manifest>> = {
  mixed: manifestOf([
    { name: 'age', dtype: 'int64' },
    { name: 'income', dtype: 'float64', nullable: true },
    { name: 'member', dtype: 'bool' },
    { name: 'city', dtype: 'string' },
    { name: 'note', dtype: 'string', nullable: true },
  ]),
  one: manifestOf(two.slice(0, 1)),
  unnamed: manifestOf(two, 'float64'),
};

/**
 * Requests that MLflow answers and Sepal refuses. MLflow would change or add a value, or pass on one that does not fit
 * the model, or ignore a parameter.
 */
const stricter: Readonly<Record<string, RegExp>> = {
  '2 for a flag': /^\/dataframe_records\/0\/member: expected true or false, got a number$/,
  'false in quotes for a flag': /^\/dataframe_records\/0\/member: expected true or false, got a string$/,
  'null for a flag': /^\/dataframe_records\/0\/member: expected true or false, got null$/,
  'NaN for a flag': /^\/dataframe_records\/0\/member: expected true or false, got NaN$/,
  'a fraction for a whole number': /^\/dataframe_records\/0\/age: expected an integer, got a number with a fraction$/,
  'a number in quotes': /^\/dataframe_records\/0\/income: expected a number, got a string$/,
  'a number in quotes with underscores': /^\/dataframe_records\/0\/income: expected a number, got a string$/,
  'true for a number': /^\/dataframe_records\/0\/income: expected a number, got a boolean$/,
  Infinity: /^\/dataframe_records\/0\/income: expected a finite number, got Infinity or one beyond float64's range$/,
  'a number for a text': /^\/dataframe_records\/0\/city: expected a string, got a number$/,
  'null for a text': /^\/dataframe_records\/0\/city: expected a string, got null$/,
  'split of a short row': /^\/dataframe_split\/data\/1: expected 5 values .*, got 4$/,
  'a document with params of another model': /^\/params\/temperature: expected no other parameter than predict_method/,
};

/**
 * Requests that MLflow refuses because the model's columns have names and the rows have none. Sepal accepts them, and
 * assigns the values to features by position.
 */
const wider = new Set(['rows in dataframe_records']);

function feed({ model, csv, body }: Case): Tensors {
  const manifest = models[model] as Manifest;
  const request = { headers: csv ? { 'content-type': 'text/csv' } : {}, parameters: {}, body };
  const { instances } = (csv ? mlflowCsv : mlflow).decode(request, manifest, defaultLimits);
  return toFeeds(instances, manifest, defaultLimits);
}

function problemWith(one: Case): string {
  try {
    feed(one);
  } catch (error) {
    if (error instanceof RequestError)
      return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
    throw error;
  }
  return '';
}

describe('a request that MLflow has answered or refused', () => {
  it('is one of more than 70, which include every exception listed here', () => {
    expect(cases.length).to.be.above(70);
    const names = cases.map(({ name }) => name);
    expect(names).to.include.members([...Object.keys(stricter), ...wider]);
  });

  for (const one of cases) {
    const { model, name, rows } = one;
    const manifest = models[model] as Manifest;
    const expected = stricter[name];
    if (expected) {
      it(`is refused for ${model}, although MLflow answers it: ${name}`, () => {
        expect(problemWith(one)).to.match(expected);
      });
    } else if (rows) {
      it(`is read for ${model} as by MLflow: ${name}`, () => {
        const instances = fromRows(rows, () => '');
        expect(feed(one)).to.deep.equal(toFeeds(instances, manifest, defaultLimits));
      });
    } else if (wider.has(name)) {
      it(`is read for ${model}, although MLflow refuses it: ${name}`, () => {
        expect(problemWith(one)).to.equal('');
      });
    } else {
      it(`is refused for ${model} as by MLflow: ${name}`, () => {
        expect(problemWith(one)).not.to.equal('');
      });
    }
  }
});
