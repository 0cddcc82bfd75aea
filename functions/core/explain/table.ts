import type { Table } from '../answer-writing.ts';
import type { Manifest } from '../model/manifest.ts';
import { type AnswerColumn, type Output, targetsOf } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';
import { createPredictedFinder } from './predicted.ts';

/**
 * Adds columns with the explanations to the answers: for each target, the base of the prediction's number and what each
 * feature adds to it. That number is the one of the predicted class, so an answer has the same columns whichever class
 * a row gets.
 */
export function toTable(predictions: Predictions, manifest: Manifest): Table {
  const { rows, outputs, blocks, explanations } = predictions;
  if (!explanations) return predictions;
  const { output, base, contributions } = explanations;
  const features = manifest.features.length;
  const findPredicted = createPredictedFinder(predictions, output);
  const columns = explanationColumns(manifest);
  const block = new Float64Array(rows * columns.length);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (const column of findPredicted(row)) {
      const start = (row * output.columns.length + column) * features;
      block[at] = base[column] as number;
      block.set(contributions.subarray(start, start + features), at + 1);
      at += 1 + features;
    }
  }
  return { outputs: withExplanations(outputs, manifest), blocks: [...blocks, block] };
}

/** The outputs that an answer shows, followed by the columns of its explanation. */
export function withExplanations(outputs: readonly Output[], manifest: Manifest): Table['outputs'] {
  return explainedOutputs(manifest)(outputs);
}

/** The same object for the same outputs, because the layout of a row is cached by it. */
const explainedOutputs = onceFor((manifest: Manifest) =>
  onceFor((outputs: readonly Output[]): Table['outputs'] => [
    ...outputs,
    { kind: 'numbers', columns: explanationColumns(manifest) },
  ]),
);

/**
 * Columns such as `base` and `contribution:tenure`; with several targets, `churn:base` and `contribution:churn:tenure`.
 */
export const explanationColumns = onceFor((manifest: Manifest): readonly AnswerColumn[] =>
  targetsOf(manifest).flatMap(({ name = '' }, target) => {
    const prefix = 'targets' in manifest ? `${name}:` : '';
    const names = [`${prefix}base`, ...manifest.features.map((feature) => `contribution:${prefix}${feature.name}`)];
    return names.map((column) => ({ path: [], name: column, target, classes: [] }));
  }),
);
