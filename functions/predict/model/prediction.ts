import { RequestError } from '../errors.ts';
import type { Instances } from './columns.ts';
import type { Manifest } from './manifest.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** The answer for one row; probabilities are by class and sum to 1, a value is in the target's unit. */
export type Prediction =
  | { readonly label: string; readonly probabilities: Readonly<Record<string, number>> }
  | { readonly value: number };

/** One prediction a row, in the rows' order. Throws InvalidInput where the model has no finite answer. */
export function toPredictions(fetches: Tensors, manifest: Manifest, { pointerOf }: Instances): Prediction[] {
  const scores = fetch(
    fetches,
    manifest.task === 'classification' ? manifest.outputs.probabilities : manifest.outputs.value,
  );
  const values = Float64Array.from(scores.data as Float64Array);
  const unanswered = values.findIndex((value) => !Number.isFinite(value));
  if (unanswered >= 0) {
    const row = Math.floor(unanswered / (scores.dims[1] ?? 1));
    const detail = 'the model has no finite answer for these values; are they far outside of the training data?';
    throw new RequestError('InvalidInput', 'A row has no answer', { errors: [{ pointer: pointerOf(row), detail }] });
  }

  if (manifest.task === 'regression') return Array.from(values, (value) => ({ value }));
  const labels = fetch(fetches, manifest.outputs.label).data;
  const { classes } = manifest;
  return Array.from(labels as ArrayLike<string | bigint>, (label, row) => {
    const probabilities = classes.map((name, column) => [name, values[row * classes.length + column] as number]);
    return { label: String(label), probabilities: Object.fromEntries(probabilities) };
  });
}

function fetch(fetches: Tensors, name: string): Tensor {
  const tensor = fetches[name];
  if (!tensor) throw new Error(`the model gave no output ${name}`);
  return tensor;
}
