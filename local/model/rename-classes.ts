import { type Class, toName } from '../../functions/core/model/classes.ts';
import { toClassOfTarget } from '../../functions/core/model/outputs.ts';
import { isRecord } from '../../functions/core/model/value.ts';
import type { Golden, GoldenExplanations } from './golden.ts';

/** The new names of classes by the old names. */
export type Renames = ReadonlyMap<Class, Class>;

/** The classes in model.json or golden.json: those of the only target, or those of each target. */
export interface Named {
  readonly classes?: readonly Class[] | undefined;
  readonly targets?: readonly { readonly name: string; readonly classes?: readonly Class[] | undefined }[] | undefined;
}

/** The renames by the name of the target. If the model has one target, the key is undefined. */
export type TargetRenames = ReadonlyMap<string | undefined, Renames>;

/**
 * Compares the classes of model.json with those of golden.json by position, and returns the new names. Throws an Error
 * if a name has moved to another position, because the order must be that of the model's probabilities.
 */
export function findRenames(before: Named, after: Named): TargetRenames {
  const found = new Map<string | undefined, Renames>();
  const add = (path: string, name: string | undefined, old: readonly Class[] = [], now: readonly Class[] = []) => {
    const renames = findRenamesOf(path, old, now);
    if (renames.size > 0) found.set(name, renames);
  };
  if (!before.targets) add('classes', undefined, before.classes, after.classes);
  for (const [index, { name, classes }] of (before.targets ?? []).entries()) {
    add(`targets.${index}.classes`, name, classes, after.targets?.[index]?.classes);
  }
  return found;
}

function findRenamesOf(path: string, before: readonly Class[], after: readonly Class[]): Renames {
  if (before.length !== after.length) {
    throw new Error(`${path}: has ${after.length} classes, but the model was exported with ${before.length}`);
  }
  const renames = new Map<Class, Class>();
  for (const [position, name] of after.entries()) {
    const old = before[position] as Class;
    if (name === old) continue;
    const place = before.indexOf(name);
    if (place >= 0) {
      const moved = `${JSON.stringify(name)} is class ${position}, but was exported as class ${place}`;
      throw new Error(`${path}: ${moved}; a class can be renamed, but the order of the classes is fixed by the model`);
    }
    renames.set(old, name);
  }
  return renames;
}

/** Returns model.json with the new names in the answers of its examples, and in the importance of features. */
export function renameInManifest(document: Readonly<Record<string, unknown>>, renames: TargetRenames): unknown {
  const { examples, explanations } = document;
  if (!Array.isArray(examples)) return document;
  const renamed = examples.map((example) =>
    isRecord(example) ? { ...example, predictions: renamePredictions(example.predictions, renames) } : example,
  );
  if (!isRecord(explanations)) return { ...document, examples: renamed };
  const importance = renameValue(explanations.importance, toNumberRenames(renames));
  return { ...document, examples: renamed, explanations: { ...explanations, importance } };
}

/** Returns the renames of explained numbers. These have the names that columns of tables have. */
function toNumberRenames(renames: TargetRenames): Renames {
  const called = (target: string | undefined, name: Class) =>
    target === undefined ? toName(name) : toClassOfTarget(target, name);
  return new Map(
    Array.from(renames).flatMap(([target, own]) =>
      Array.from(own, ([old, name]): [Class, Class] => [called(target, old), called(target, name)]),
    ),
  );
}

function renameExplanations({ rows, ...method }: GoldenExplanations, renames: TargetRenames): GoldenExplanations {
  const names = toNumberRenames(renames);
  const renamed = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([member, numbers]) => [member, renameValue(numbers, names)])),
  );
  return { ...method, rows: renamed as unknown as GoldenExplanations['rows'] };
}

export function renameInGolden(golden: Golden, renames: TargetRenames): Golden {
  const { classes, targets, predictions, explanations } = golden;
  const rename = (target: string | undefined, some: readonly Class[] = []) =>
    some.map((name) => renames.get(target)?.get(name) ?? name);
  return {
    ...golden,
    ...(classes && { classes: rename(undefined, classes) }),
    ...(targets && { targets: targets.map((target) => ({ ...target, classes: rename(target.name, target.classes) })) }),
    predictions: renamePredictions(predictions, renames) as Golden['predictions'],
    ...(explanations && { explanations: renameExplanations(explanations, renames) }),
  };
}

function renamePredictions(predictions: unknown, renames: TargetRenames): unknown {
  return Array.isArray(predictions)
    ? predictions.map((prediction) => renamePrediction(prediction, renames))
    : predictions;
}

/** Renames the classes in a prediction. With several targets, each field has a member for each target. */
function renamePrediction(prediction: unknown, renames: TargetRenames): unknown {
  if (!isRecord(prediction)) return prediction;
  const only = renames.get(undefined);
  const fields = Object.entries(prediction).map(([field, value]) => {
    if (only) return [field, renameValue(value, only)];
    if (!isRecord(value)) return [field, value];
    const byTarget = Object.entries(value).map(([target, inner]) => [
      target,
      renameValue(inner, renames.get(target) ?? new Map()),
    ]);
    return [field, Object.fromEntries(byTarget)];
  });
  return Object.fromEntries(fields);
}

/** Renames a label, or the keys of an object that has a number for each class. The keys are the classes as texts. */
function renameValue(value: unknown, renames: Renames): unknown {
  if (!isRecord(value)) return renames.get(value as Class) ?? value;
  const names = new Map(Array.from(renames, ([old, name]) => [toName(old), toName(name)]));
  return Object.fromEntries(Object.entries(value).map(([name, number]) => [names.get(name) ?? name, number]));
}
