import { createExplainer } from '../../functions/core/explain/explainer.ts';
import type { Explanations } from '../../functions/core/explain/explanations.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { feedsOf } from '../../functions/core/model/inputs.ts';
import type { Model } from '../../functions/core/model/load.ts';
import { type Manifest, toPlaces } from '../../functions/core/model/manifest.ts';
import { outputsOf, rangesByTarget, toShown } from '../../functions/core/model/outputs.ts';
import { type Predictions, toPredictions } from '../../functions/core/model/prediction.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';

/** Computes a model's numbers for a row, such as probabilities. The row has the values of the model's inputs. */
export type Numbers = (values: readonly unknown[]) => readonly number[];
export type Rows = readonly (readonly unknown[])[];

/** A model in JavaScript with background rows for explanations. It counts the rows that it predicts. */
export interface ExplainedModel extends Model {
  readonly rowsRun: () => number;
}

/** Creates a model that computes `numbers`. The label of each target is the class with the largest number. */
export function modelOf(shape: Manifest, numbers: Numbers, background: Rows, budget = 20_000): ExplainedModel {
  const explanations = {
    file: 'b.json',
    sha256: '0'.repeat(64),
    origin: 'made',
    importance: {},
    parity: null,
  } as const;
  const manifest = { ...shape, explanations: { ...explanations, rows: background.length, budget } } as Manifest;
  let rowsRun = 0;
  const run = async (feeds: Tensors) => {
    const rows = readRows(feeds, manifest);
    rowsRun += rows.length;
    return toFetches(rows.map(numbers), manifest);
  };
  return { manifest, run, readBackground: () => ({ instances: background }), rowsRun: () => rowsRun };
}

/** The values of each row, in the order of the features. */
export function readRows(feeds: Tensors, manifest: Manifest): unknown[][] {
  const inputs = feedsOf(manifest).map(({ name }) => feeds[name]);
  const [rows = 0] = inputs[0]?.dims ?? [];
  return Array.from({ length: rows }, (_, row) =>
    toPlaces(manifest).map(({ input, offset, stride }) => inputs[input]?.data[offset + row * stride]),
  );
}

function toFetches(answers: readonly (readonly number[])[], manifest: Manifest): Tensors {
  const rows = answers.length;
  const outputs = outputsOf(manifest);
  const explained = outputs.find(({ kind }) => kind === 'numbers');
  return Object.fromEntries(
    outputs.map(({ tensor, kind, columns }) => {
      if (kind === 'numbers')
        return [tensor, { dtype: 'float64', dims: [rows, columns.length], data: Float64Array.from(answers.flat()) }];
      const labels = answers.flatMap((answer) =>
        (explained ? rangesByTarget(explained) : []).map(([from, to]) => {
          const own = answer.slice(from, to);
          return BigInt(own.indexOf(Math.max(...own)));
        }),
      );
      return [tensor, { dtype: 'int64', dims: [rows, columns.length], data: BigInt64Array.from(labels) }];
    }),
  );
}

/** Makes predictions with explanations, as the service does. */
export async function explain(
  model: Model,
  rows: Rows,
  { numbers = 'all', budget, msLeft, now }: ExplainSettings = {},
): Promise<Predictions & { readonly explanations: Explanations }> {
  const instances = fromRows(rows, (row) => `/${row}`);
  const feeds = toFeeds(instances, model.manifest, defaultLimits);
  const predictions = toPredictions(await model.run(feeds), toShown(model.manifest, false), instances);
  const answered = { feeds, predictions, pointerOf: instances.pointerOf };
  const explanations = await createExplainer(model, now).explain(answered, { numbers, budget }, msLeft);
  return { ...predictions, explanations };
}

interface ExplainSettings {
  readonly numbers?: 'all' | 'predicted';
  readonly budget?: number;
  readonly msLeft?: number;
  readonly now?: () => number;
}
