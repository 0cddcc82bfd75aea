import { onceFor } from '../once-for.ts';
import { type Class, toName } from './classes.ts';
import type { PublicManifest } from './manifest.ts';

/** The fields that a row's answer can have, in this order. */
const fields = ['label', 'labels', 'value', 'values', 'score', 'probabilities', 'scores', 'distances'] as const;
export type Field = (typeof fields)[number];

/**
 * A field of every row's answer, and the model's output that it is read from. All protocols write and describe their
 * answers from this list.
 */
export interface Output {
  readonly field: Field;
  /** The name of the ONNX output. Its shape is [rows] for `label`, else [rows, columns]. */
  readonly tensor: string;
  readonly kind: 'labels' | 'numbers';
  readonly columns: readonly AnswerColumn[];
}

/** One value of a row's answer: a table has one column for it. */
export interface AnswerColumn {
  /**
   * The names that lead to the value within the field: empty if it is the field's own value, else its target, its
   * class, or both.
   */
  readonly path: readonly string[];
  /**
   * The column's name in a table. It keeps the type of a class, because a text that reads like a formula is written
   * differently from a number.
   */
  readonly name: Class;
  /** The position of its target; 0 for a model of one target. */
  readonly target: number;
  /** For a label: the classes, of which the model answers the index. Empty for a number. */
  readonly classes: readonly Class[];
}

/** One thing that the model predicts. For outliers and clusters it has no name. */
export interface Target {
  readonly name: string | undefined;
  readonly unit: string | null;
  readonly classes: readonly Class[];
  /** For a numeric target: the distribution in the training data, if it is known. */
  readonly baseline: Distribution | null;
}

export interface Distribution {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly deciles: readonly number[];
}

const unnamed: Target = { name: undefined, unit: null, classes: [], baseline: null };

/** The targets in the order of the model's output columns; at least one. */
export const targetsOf = onceFor((manifest: PublicManifest): readonly Target[] => {
  if ('targets' in manifest) return manifest.targets.map((target) => ({ ...unnamed, ...target }));
  const classes = 'classes' in manifest ? manifest.classes : [];
  return [{ ...unnamed, ...('target' in manifest && manifest.target), classes }];
});

/** The outputs that the model has. The first is what the original's `predict` returns. */
export const outputsOf = onceFor((manifest: PublicManifest): readonly Output[] => {
  const tensors: Readonly<Partial<Record<Field, string | undefined>>> = manifest.outputs;
  return fields.flatMap((field) => {
    const tensor = tensors[field];
    if (tensor === undefined) return [];
    const kind = field === 'label' || field === 'labels' ? 'labels' : 'numbers';
    return [{ field, tensor, kind, columns: toColumns(field, manifest) } as const];
  });
});

function toColumns(field: Field, manifest: PublicManifest): readonly AnswerColumn[] {
  const targets = targetsOf(manifest);
  const isOfTargets = 'targets' in manifest;
  switch (field) {
    case 'label':
    case 'value':
    case 'score':
      return [{ path: [], name: field, target: 0, classes: field === 'label' ? (targets[0]?.classes ?? []) : [] }];
    case 'labels':
    case 'values':
      return targets.map(({ name = '', classes }, target) => {
        return { path: [name], name, target, classes: field === 'labels' ? classes : [] };
      });
    case 'probabilities':
    case 'distances':
      return targets.flatMap((target, position) => toClassColumns(target, position, isOfTargets));
    // With two classes there is only the score of the second, as in scikit-learn's decision_function.
    case 'scores':
      return targets.flatMap((target, position) => {
        const columns = toClassColumns(target, position, isOfTargets);
        return columns.length === 2 ? columns.slice(1) : columns;
      });
  }
}

function toClassColumns({ name = '', classes }: Target, target: number, isOfTargets: boolean): readonly AnswerColumn[] {
  return classes.map((value) => {
    const called = toName(value);
    return isOfTargets
      ? { path: [name, called], name: toClassOfTarget(name, value), target, classes: [] }
      : { path: [called], name: value, target, classes: [] };
  });
}

/**
 * `colour:red`. The name of a target is written as a JSON string if it has a colon, or begins with a quote. Otherwise
 * the class `c` of the target `a:b` and the class `b:c` of the target `a` would have the same name.
 */
export function toClassOfTarget(target: string, value: Class): string {
  const named = /^"|:/.test(target) ? JSON.stringify(target) : target;
  return `${named}:${toName(value)}`;
}

/**
 * The names under which the rows of a label column are counted: its classes, with the target's name in front if the
 * manifest lists targets.
 */
export const classNamesOf = onceFor(({ path: [target], classes }: AnswerColumn): readonly string[] =>
  classes.map((value) => (target === undefined ? toName(value) : toClassOfTarget(target, value))),
);

/**
 * Whether protocols answer one value for each row, and not a list. The tensor of the Open Inference Protocol then has
 * the shape [rows].
 */
export function isSingle({ field, columns }: Output): boolean {
  // Like scikit-learn's decision_function, which has one dimension for two classes.
  return columns[0]?.path.length === 0 || (field === 'scores' && columns.length === 1);
}

/** The columns of each target as [from, to) ranges of positions. A target's columns are adjacent. */
export const rangesByTarget = onceFor(({ columns }: Output): readonly (readonly [from: number, to: number])[] => {
  const starts = columns.flatMap(({ target }, at) => (at === 0 || columns[at - 1]?.target !== target ? [at] : []));
  return starts.map((from, index) => [from, starts[index + 1] ?? columns.length]);
});

/** The count of numbers in one row's answer. */
export const countNumbers = (manifest: PublicManifest): number =>
  outputsOf(manifest).reduce((sum, { kind, columns }) => (kind === 'numbers' ? sum + columns.length : sum), 0);

/** The outputs that an answer shows, and those that it leaves out. */
export interface Shown {
  readonly outputs: readonly Output[];
  readonly hidden: readonly Output[];
}

const showsAll = onceFor((manifest: PublicManifest): Shown => ({ outputs: outputsOf(manifest), hidden: [] }));

const showsLabels = onceFor((manifest: PublicManifest): Shown => {
  const outputs = outputsOf(manifest).filter(({ kind }) => kind === 'labels');
  if (outputs.length === 0) return showsAll(manifest);
  return { outputs, hidden: outputsOf(manifest).filter(({ kind }) => kind === 'numbers') };
});

/** Shows only the labels if asked to. A model without labels always shows everything. */
export function toShown(manifest: PublicManifest, isOfLabelsAlone: boolean): Shown {
  return isOfLabelsAlone ? showsLabels(manifest) : showsAll(manifest);
}
