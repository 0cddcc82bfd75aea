import { type Class, toName } from '../functions/core/model/classes.ts';
import { isRecord } from '../functions/core/model/value.ts';
import type { Golden } from './golden.ts';

/** New names of classes by the old ones. */
export type Renames = ReadonlyMap<Class, Class>;

/**
 * Finds by their positions which classes of model.json are called otherwise than golden.json calls them. Throws an Error where a
 * name has moved to another position: the order is that of the model's probabilities.
 */
export function findRenames(before: readonly Class[], after: readonly Class[]): Renames {
  if (before.length !== after.length) {
    throw new Error(`classes: has ${after.length}, and the model was exported with ${before.length}`);
  }
  const renames = new Map<Class, Class>();
  for (const [position, name] of after.entries()) {
    const old = before[position] as Class;
    if (name === old) continue;
    const place = before.indexOf(name);
    if (place >= 0) {
      const moved = `${JSON.stringify(name)} is class ${position}, and was exported as class ${place}`;
      throw new Error(`classes: ${moved}; a class can be called otherwise, and their order is the model's`);
    }
    renames.set(old, name);
  }
  return renames;
}

/** model.json with the new names in the answers of its examples. */
export function renameInManifest(document: Readonly<Record<string, unknown>>, renames: Renames): unknown {
  const { examples } = document;
  if (!Array.isArray(examples)) return document;
  const renamed = examples.map((example) =>
    isRecord(example) ? { ...example, predictions: renamePredictions(example.predictions, renames) } : example,
  );
  return { ...document, examples: renamed };
}

export function renameInGolden(golden: Golden, renames: Renames): Golden {
  const { classes = [], predictions } = golden;
  return {
    ...golden,
    classes: classes.map((name) => renames.get(name) ?? name),
    predictions: renamePredictions(predictions, renames) as Golden['predictions'],
  };
}

function renamePredictions(predictions: unknown, renames: Renames): unknown {
  return Array.isArray(predictions)
    ? predictions.map((prediction) => renamePrediction(prediction, renames))
    : predictions;
}

/** Probabilities are by the name of the class, which is a text. */
function renamePrediction(prediction: unknown, renames: Renames): unknown {
  if (!isRecord(prediction) || !isRecord(prediction.probabilities)) return prediction;
  const names = new Map(Array.from(renames, ([old, name]) => [toName(old), toName(name)]));
  const shares = Object.entries(prediction.probabilities).map(([name, share]) => [names.get(name) ?? name, share]);
  return {
    ...prediction,
    label: renames.get(prediction.label as Class) ?? prediction.label,
    probabilities: Object.fromEntries(shares),
  };
}
