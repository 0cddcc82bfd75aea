import { onceFor } from '../once-for.ts';
import { type Class, toName } from './classes.ts';
import type { PublicManifest } from './manifest.ts';

/** What a row's answer can hold, in this order. */
const fields = ['label', 'labels', 'value', 'values', 'score', 'probabilities', 'scores', 'distances'] as const;
export type Field = (typeof fields)[number];

/**
 * A field of every row's answer, and the tensor of the model that it is read from. Documents, tables and tensors of every
 * protocol are written after these, and described after them.
 */
export interface Output {
  readonly field: Field;
  /** The name of the ONNX output: [rows] of `label`, else [rows, columns]. */
  readonly tensor: string;
  readonly kind: 'labels' | 'numbers';
  readonly columns: readonly AnswerColumn[];
}

/** One value of a row's answer. */
export interface AnswerColumn {
  /** The names that lead to it within the field: none where it is the field's value, else its target, its class, or both. */
  readonly path: readonly string[];
  /** What it is called in a table. A class keeps its type: a text is written otherwise than a number where it is a formula. */
  readonly name: Class;
  /** The position of its target; 0 where there are not several. */
  readonly target: number;
  /** What the positions of a label stand for; none of a number. */
  readonly classes: readonly Class[];
}

/** What is predicted; of outliers and clusters nothing that has a name. */
export interface Target {
  readonly name: string | undefined;
  readonly unit: string | null;
  readonly classes: readonly Class[];
  /** Of a number: how the training data's were distributed, where that is known. */
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

/** At least one, in the order of the model's columns. */
export const targetsOf = onceFor((manifest: PublicManifest): readonly Target[] => {
  if ('targets' in manifest) return manifest.targets.map((target) => ({ ...unnamed, ...target }));
  const classes = 'classes' in manifest ? manifest.classes : [];
  return [{ ...unnamed, ...('target' in manifest && manifest.target), classes }];
});

/** What the model answers. The first field is what its `predict` gives. */
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
    // Of two classes the score of the second says all.
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

/** `colour:red`. A target whose name has a colon stands as in JSON: else "a:b" of "c" would be "a" of "b:c". */
export function toClassOfTarget(target: string, value: Class): string {
  const named = /^"|:/.test(target) ? JSON.stringify(target) : target;
  return `${named}:${toName(value)}`;
}

/** What rows are counted by, of a column of labels: its classes, of several targets behind the target's name. */
export const classNamesOf = onceFor(({ path: [target], classes }: AnswerColumn): readonly string[] =>
  classes.map((value) => (target === undefined ? toName(value) : toClassOfTarget(target, value))),
);

/** Whether a row has one value of it, which no name leads to: a tensor of it has one dimension. */
export function isSingle({ field, columns }: Output): boolean {
  // scikit-learn's decision function of two classes has one too.
  return columns[0]?.path.length === 0 || (field === 'scores' && columns.length === 1);
}

/** The columns of each target, as positions from a first to behind a last; columns of a target stand side by side. */
export const rangesByTarget = onceFor(({ columns }: Output): readonly (readonly [from: number, to: number])[] => {
  const starts = columns.flatMap(({ target }, at) => (at === 0 || columns[at - 1]?.target !== target ? [at] : []));
  return starts.map((from, index) => [from, starts[index + 1] ?? columns.length]);
});

/** How many numbers an answer to a row has. */
export const countNumbers = (manifest: PublicManifest): number =>
  outputsOf(manifest).reduce((sum, { kind, columns }) => (kind === 'numbers' ? sum + columns.length : sum), 0);

/** What of its outputs an answer shows, and what it leaves out. */
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

/** Labels alone, or everything; a model without labels shows everything. */
export function toShown(manifest: PublicManifest, isOfLabelsAlone: boolean): Shown {
  return isOfLabelsAlone ? showsLabels(manifest) : showsAll(manifest);
}
