import type { Manifest } from '../../core/model/manifest.ts';
import { outputsOf } from '../../core/model/outputs.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import type { Content } from '../http/content.ts';
import { csv, toCsvAccept } from './csv.ts';
import { mlflow } from './mlflow.ts';
import { native } from './native.ts';

/** A way to ask for a shorter answer. */
export interface ShorterForm {
  /** Completes the sentence "300 rows fit …". */
  readonly how: (manifest: Manifest) => string;
  readonly encode: (predictions: Predictions, manifest: Manifest) => Content;
}

/** Advice for /v2. None for several targets, because each has an output of its own name. */
function adviseOutputs(manifest: Manifest): string {
  return 'targets' in manifest ? '' : ', or "outputs": [{"name": "label"}] at /v2';
}

export const shorterForms: readonly ShorterForm[] = [
  {
    how: (manifest) => `as CSV (accept: ${toCsvAccept(outputsOf(manifest))}, at /predict and /invocations)`,
    encode: (predictions, manifest) => csv.encode(predictions, manifest, undefined, toCsvAccept(predictions.outputs)),
  },
  {
    how: (manifest) => {
      const [first] = outputsOf(manifest);
      return first?.kind === 'labels'
        ? `as labels alone (POST /invocations with accept: application/json and without params${adviseOutputs(manifest)})`
        : 'as values alone (POST /invocations with accept: application/json)';
    },
    encode: (predictions, manifest) => mlflow.encode(predictions, manifest, undefined),
  },
];

/** The shorter forms of explanations. They explain only the number of what is predicted. */
export const explanationForms: readonly ShorterForm[] = [
  {
    how: () => 'with ?explain=predicted at /explain',
    encode: (predictions, manifest) => native.encode(predictions, manifest, undefined),
  },
  {
    how: () => 'as CSV (accept: text/csv; header=absent, at /explain)',
    encode: (predictions, manifest) => csv.encode(predictions, manifest, undefined, 'text/csv; header=absent'),
  },
];
