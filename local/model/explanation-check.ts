import { toErrorText, toRequestError } from '../../functions/core/errors.ts';
import { explainerOf } from '../../functions/core/explain/explainer.ts';
import type { Explanations } from '../../functions/core/explain/explanations.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toName } from '../../functions/core/model/classes.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import type { Model } from '../../functions/core/model/load.ts';
import { toShown } from '../../functions/core/model/outputs.ts';
import { toPredictions } from '../../functions/core/model/prediction.ts';
import { limitsFor } from '../../functions/core/model/texts.ts';
import type { Golden, GoldenExplanation, GoldenExplanations } from './golden.ts';

/**
 * Explanations may differ by this share of golden.json's `scale`, because adding in another order rounds differently.
 * If twice the tolerance of answers is a larger share, they may differ by that, because contributions are differences
 * of answers.
 */
const rounding = 1e-9;

/** Reports how many golden rows are explained differently than when the package was exported. */
export async function problemsWithExplanations(model: Model, golden: Golden): Promise<string[]> {
  const { explanations } = golden;
  if (!model.manifest.explanations || !explanations) return [];
  try {
    return describe(
      await explain(model, golden.instances.slice(0, explanations.rows.length)),
      explanations,
      golden,
      model,
    );
  } catch (error) {
    return [`golden.json: a row cannot be explained: ${toErrorText(toRequestError(error), 'the rows')}`];
  }
}

function describe(found: Explanations, explanations: GoldenExplanations, golden: Golden, model: Model): string[] {
  const allowed = Math.max(rounding, 2 * golden.tolerance) * golden.scale;
  const differing = findDifferences(found, explanations, model).filter((difference) => !(difference <= allowed));
  if (differing.length === 0) return [];
  const share = `${differing.length} of ${explanations.rows.length} explanations`;
  return [`golden.json: ${share} differ from those that the export stored; export the model again`];
}

async function explain(model: Model, rows: readonly (readonly unknown[])[]): Promise<Explanations> {
  const { manifest, run } = model;
  const instances = fromRows(rows, (row) => `/instances/${row}`);
  const feeds = toFeeds(instances, manifest, limitsFor(manifest, defaultLimits));
  const predictions = toPredictions(await run(feeds), toShown(manifest, false), instances);
  return explainerOf(model).explain({ feeds, predictions, pointerOf: instances.pointerOf }, { numbers: 'all' });
}

/**
 * Returns the largest difference of each row; NaN if a number is missing, or if the method or its number of
 * permutations is not that of golden.json.
 */
export function findDifferences(
  found: Explanations,
  golden: GoldenExplanations,
  { manifest }: Model,
): readonly number[] {
  const { output, base, contributions, standardErrors, method } = found;
  const features = manifest.features.length;
  const pairs = method.name === 'permutations' ? method.pairs : undefined;
  if (method.name !== golden.method || pairs !== golden.permutations) return golden.rows.map(() => Number.NaN);
  return golden.rows.map((expected: GoldenExplanation, row) => {
    const differences = output.columns.flatMap(({ name }, column) => {
      const number = toName(name);
      const start = (row * output.columns.length + column) * features;
      const compare = (ours: Float64Array | undefined, theirs: readonly number[] = []) =>
        Array.from({ length: features }, (_, feature) =>
          Math.abs((ours?.[start + feature] ?? 0) - (theirs[feature] ?? Number.NaN)),
        );
      return [
        Math.abs((base[column] as number) - (expected.base[number] ?? Number.NaN)),
        ...compare(contributions, expected.contributions[number]),
        ...(standardErrors ? compare(standardErrors, expected.standard_errors?.[number]) : []),
      ];
    });
    return Math.max(...differences);
  });
}
