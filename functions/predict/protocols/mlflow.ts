import { toErrorText } from '../../core/errors.ts';
import { csvAdvice, parseJson } from '../../core/json/json.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { type Predictions, withProbabilities } from '../../core/model/prediction.ts';
import { isRecord } from '../../core/model/value.ts';
import { toPointerStep } from '../../core/pointer.ts';
import { toText } from '../http/body.ts';
import { jsonContent } from '../http/content.ts';
import { invalid, layouts, mlflowLeniency, oneLayout } from './mlflow-layouts.ts';
import type { EncodeError, Protocol } from './protocol.ts';

/** MLflow's scikit-learn models answer labels or values; `params: {"predict_method": "predict_proba"}` asks for probabilities. */
type PredictMethod = 'predict' | 'predict_proba';

/** MLflow's scoring server: mlflow.org/docs/latest/ml/deployment/deploy-model-locally */
export const mlflow: Protocol<PredictMethod> = {
  name: 'mlflow',
  mediaTypes: ['application/json'],

  decode({ body }, manifest, limits) {
    const document = parseJson(toText(body), limits, csvAdvice);
    if (!isRecord(document)) throw invalid('', oneLayout, document);
    const [name = '', ...others] = Object.keys(document).filter((key) => layouts.has(key));
    const layout = layouts.get(name);
    if (!layout || others.length > 0) throw invalid('', oneLayout);
    const instances = layout(document[name], `/${name}`, manifest.features);
    return { instances: { ...instances, leniency: mlflowLeniency }, options: readMethod(document.params, manifest) };
  },

  showsLabelsAlone: (method = 'predict') => method === 'predict',

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
  if (method === 'predict') return Array.from(predictions.labels, (label) => predictions.classes[label]);
  const { classes, labels, probabilities } = withProbabilities(predictions);
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
