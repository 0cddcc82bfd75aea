import { RequestError, toErrorText } from '../errors.ts';
import { toText } from '../http/body.ts';
import { jsonContent } from '../http/content.ts';
import { parseJson } from '../json.ts';
import type { Instances } from '../model/columns.ts';
import type { Feature, Manifest } from '../model/manifest.ts';
import type { Predictions } from '../model/prediction.ts';
import { isRecord, toExpectation } from '../model/value.ts';
import { toPointerStep } from '../pointer.ts';
import { findColumns } from './header.ts';
import type { EncodeError, Protocol } from './protocol.ts';

/** MLflow's scikit-learn models answer labels or values; `params: {"predict_method": "predict_proba"}` asks for probabilities. */
type PredictMethod = 'predict' | 'predict_proba';

/** MLflow's scoring server: mlflow.org/docs/latest/ml/deployment/deploy-model-locally */
export const mlflow: Protocol<PredictMethod> = {
  name: 'mlflow',
  mediaTypes: ['application/json'],

  decode({ body }, manifest, limits) {
    const document = parseJson(toText(body), limits);
    const { params, ...data } = isRecord(document) ? document : {};
    const [name = '', ...others] = Object.keys(data);
    const layout = layouts.get(name);
    if (!layout || others.length > 0)
      throw invalid(
        '',
        `exactly one of ${[...layouts.keys()].join(', ')}, and params`,
        ...(isRecord(document) ? [] : [document]),
      );
    return { instances: layout(data[name], `/${name}`, manifest.features), options: readMethod(params, manifest) };
  },

  encode(predictions, _manifest, method = 'predict') {
    return jsonContent({ predictions: toAnswers(predictions, method) });
  },
};

/** MLflow's own error body, without its stack trace. */
export const encodeMlflowError: EncodeError = (error) => {
  const { status, headers } = error;
  const document = { error_code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR', message: toErrorText(error) };
  return { ...jsonContent(document, status), headers: { ...headers, 'content-type': 'application/json' } };
};

function toAnswers(predictions: Predictions, method: PredictMethod): readonly unknown[] {
  if ('values' in predictions) return Array.from(predictions.values);
  const { classes, labels, probabilities } = predictions;
  if (method === 'predict') return Array.from(labels, (label) => classes[label]);
  const width = classes.length;
  return Array.from(labels, (_, row) => Array.from(probabilities.subarray(row * width, (row + 1) * width)));
}

function readMethod(params: unknown, { task }: Manifest): PredictMethod {
  if (params === undefined || params === null) return 'predict';
  if (!isRecord(params)) throw invalid('/params', 'an object', params);
  const methods = task === 'classification' ? ['predict', 'predict_proba'] : ['predict'];
  for (const [name, value] of Object.entries(params)) {
    const isMethod = name === 'predict_method' && typeof value === 'string' && methods.includes(value);
    if (!isMethod)
      throw invalid(
        `/params${toPointerStep(name)}`,
        `no other parameter than predict_method, one of ${methods.join(', ')}`,
      );
  }
  return params.predict_method === 'predict_proba' ? 'predict_proba' : 'predict';
}

type Layout = (value: unknown, pointer: string, features: readonly Feature[]) => Instances;

const layouts: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ['dataframe_split', fromSplit],
  ['dataframe_records', fromRows],
  ['instances', fromRows],
  [
    'inputs',
    (value, pointer, features) => (isRecord(value) ? fromColumns(value, pointer, features) : fromRows(value, pointer)),
  ],
]);

/** Rows, each an array of values or a record. */
function fromRows(rows: unknown, pointer: string): Instances {
  if (!Array.isArray(rows) || rows.length === 0) throw invalid(pointer, 'an array of at least 1 row', rows);
  return { rows, pointerOf: (row, key) => `${pointer}/${row}${toPointerStep(key)}` };
}

/** pandas' `to_dict(orient="split")`: the columns' names beside the rows. */
function fromSplit(split: unknown, pointer: string, features: readonly Feature[]): Instances {
  if (!isRecord(split)) throw invalid(pointer, 'an object with columns and data', split);
  const { columns, data } = split;
  const instances = fromRows(data, `${pointer}/data`);
  if (columns === undefined) return instances;
  if (!Array.isArray(columns)) throw invalid(`${pointer}/columns`, 'an array of feature names', columns);
  const at = `${pointer}/columns`;
  const positions = findColumns(columns, features, at, (column) => `${at}/${column}`);
  const reorder = (row: unknown) =>
    Array.isArray(row) && row.length === positions.length ? positions.map((position) => row[position]) : row;
  return {
    rows: instances.rows.map(reorder),
    pointerOf: (row, key) => instances.pointerOf(row, typeof key === 'number' ? positions[key] : key),
  };
}

/** An array of values for each feature. */
function fromColumns(
  columns: Readonly<Record<string, unknown>>,
  pointer: string,
  features: readonly Feature[],
): Instances {
  const names = Object.keys(columns);
  const at = (column: number) => `${pointer}${toPointerStep(names[column])}`;
  const values = findColumns(names, features, pointer, at).map((column) => {
    const array = columns[names[column] ?? ''];
    if (!Array.isArray(array) || array.length === 0) throw invalid(at(column), 'an array of at least 1 value', array);
    return array as unknown[];
  });
  const length = values[0]?.length ?? 0;
  const uneven = values.findIndex((array) => array.length !== length);
  if (uneven >= 0) {
    throw invalid(
      `${pointer}${toPointerStep(features[uneven]?.name)}`,
      `${length} values, as ${features[0]?.name} has`,
    );
  }
  return {
    rows: Array.from({ length }, (_, row) => values.map((array) => array[row])),
    pointerOf: (row, key) => `${pointer}${toPointerStep(typeof key === 'number' ? features[key]?.name : key)}/${row}`,
  };
}

function invalid(pointer: string, expected: string, ...got: readonly unknown[]): RequestError {
  return new RequestError('InvalidInput', 'The rows cannot be found', {
    errors: [{ pointer, detail: toExpectation(expected, ...got) }],
  });
}
