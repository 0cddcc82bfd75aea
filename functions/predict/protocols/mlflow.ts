import { toErrorText } from '../../core/errors.ts';
import { toExplanationRecords } from '../../core/explain/records.ts';
import { csvAdvice, parseJson } from '../../core/json/json.ts';
import { fromNumberRows, readNumberRows } from '../../core/json/number-rows.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { isSingle, outputsOf, rangesByTarget } from '../../core/model/outputs.ts';
import { blockOf, type Predictions } from '../../core/model/prediction.ts';
import { isRecord } from '../../core/model/value.ts';
import { toPointerStep } from '../../core/pointer.ts';
import { toText } from '../http/body.ts';
import { jsonContent } from '../http/content.ts';
import { invalid, layouts, mlflowLeniency, oneLayout } from './mlflow-layouts.ts';
import type { Decoded, EncodeError, Protocol } from './protocol.ts';

/**
 * By default, MLflow's scikit-learn models answer labels or values; `params: {"predict_method": "predict_proba"}` asks
 * for probabilities.
 */
type PredictMethod = 'predict' | 'predict_proba';

/** MLflow's scoring server: mlflow.org/docs/latest/ml/deployment/deploy-model-locally */
export const mlflow: Protocol<PredictMethod> = {
  name: 'mlflow',
  mediaTypes: ['application/json'],

  decode({ body }, manifest, limits) {
    const numbers = readNumberRows(body, manifest.features.length, limits);
    if (numbers?.name === 'instances' || numbers?.name === 'inputs') {
      return { instances: fromNumberRows(numbers, `/${numbers.name}`, mlflowLeniency), options: 'predict' };
    }
    const document = parseJson(toText(body), limits, csvAdvice);
    if (!isRecord(document)) throw invalid('', oneLayout, document);
    const [name = '', ...others] = Object.keys(document).filter((key) => layouts.has(key));
    const layout = layouts.get(name);
    if (!layout || others.length > 0) throw invalid('', oneLayout);
    const instances = layout(document[name], `/${name}`, manifest.features);
    // Not `{ ...instances }`, which would make the rows.
    return { instances, ...readParams(document.params, manifest) };
  },

  showsLabelsAlone: (method = 'predict') => method === 'predict',

  encode(predictions, manifest, method = 'predict') {
    const { explanations } = predictions;
    return jsonContent({
      predictions: toAnswers(predictions, method),
      ...(explanations && { explanations: toExplanationRecords(predictions, explanations, manifest) }),
    });
  },
};

/** The methods that the model supports: `predict_proba` only if it has probabilities. */
export function predictMethods(manifest: Manifest): readonly string[] {
  return outputsOf(manifest).some(({ field }) => field === 'probabilities')
    ? ['predict', 'predict_proba']
    : ['predict'];
}

/** MLflow's own error body, without its stack trace. */
export const encodeMlflowError: EncodeError = (error) => {
  const { status, headers } = error;
  const document = { error_code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR', message: toErrorText(error) };
  return { ...jsonContent(document, status), headers: { ...headers, 'content-type': 'application/json' } };
};

/**
 * Converts predictions to the JSON of scikit-learn's arrays: a row of a single value is that value; a row of several
 * targets is a list.
 */
function toAnswers(predictions: Predictions, method: PredictMethod): readonly unknown[] {
  const { outputs, rows } = predictions;
  const output = method === 'predict' ? outputs[0] : outputs.find(({ field }) => field === 'probabilities');
  if (!output) throw new Error(`the answer does not show ${method}`);
  const { columns, field } = output;
  const block = blockOf(predictions, field);
  const read = (row: number, column: number) => {
    const value = block[row * columns.length + column] as number;
    const classes = columns[column]?.classes ?? [];
    return classes.length > 0 ? classes[value] : value;
  };
  const toRows = (from: number, to: number) =>
    Array.from({ length: rows }, (_, row) => Array.from({ length: to - from }, (_, at) => read(row, from + at)));
  if (isSingle(output)) return Array.from({ length: rows }, (_, row) => read(row, 0));
  // For several targets, `predict_proba` returns a list with one array per target.
  const isOfTargets = columns[0]?.path.length === 2;
  return isOfTargets ? rangesByTarget(output).map(([from, to]) => toRows(from, to)) : toRows(0, columns.length);
}

/** What `params` may hold. */
const known = ['predict_method', 'explanations'];

function readParams(params: unknown, manifest: Manifest): Omit<Decoded<PredictMethod>, 'instances'> {
  if (params === undefined || params === null) return { options: 'predict' };
  if (!isRecord(params)) throw invalid('/params', 'an object', params);
  const other = Object.keys(params).find((name) => !known.includes(name));
  if (other !== undefined)
    throw invalid(`/params${toPointerStep(other)}`, `no other parameter than ${known.join(', ')}`);
  const { predict_method: method = 'predict', explanations = false } = params;
  if (typeof explanations !== 'boolean') throw invalid('/params/explanations', 'true or false', explanations);
  return { options: readMethod(method, manifest), explain: explanations ? { numbers: 'all' } : undefined };
}

function readMethod(method: unknown, manifest: Manifest): PredictMethod {
  const methods = predictMethods(manifest);
  if (typeof method !== 'string' || !methods.includes(method)) {
    const reason = methods.includes('predict_proba') ? '' : ', as this model answers no probabilities';
    throw invalid('/params/predict_method', `${methods.join(' or ')}${reason}`);
  }
  return method === 'predict_proba' ? 'predict_proba' : 'predict';
}
