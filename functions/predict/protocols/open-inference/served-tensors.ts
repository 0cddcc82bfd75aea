import { toClassType } from '../../../core/model/classes.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { type Field, isSingle, type Output, outputsOf, rangesByTarget } from '../../../core/model/outputs.ts';
import { onceFor } from '../../../core/once-for.ts';
import { type Datatype, datatypeOf } from './datatype.ts';

/**
 * A tensor that clients can ask for: columns of one output, of one type. With several targets, labels and probabilities
 * have a tensor per target.
 */
export interface ServedTensor {
  readonly name: string;
  readonly output: Output;
  /** Its columns are `from` to `to` - 1. */
  readonly from: number;
  readonly to: number;
  readonly datatype: Datatype;
  /** Whether the rows are its only dimension. */
  readonly isSingle: boolean;
}

/** Clients may also use the name of the scikit-learn method that returns this tensor. */
const aliases: Readonly<Partial<Record<Field, string>>> = {
  label: 'predict',
  value: 'predict',
  values: 'predict',
  probabilities: 'predict_proba',
  score: 'decision_function',
  scores: 'decision_function',
  distances: 'transform',
};

export const servedTensors = onceFor((manifest: Manifest): readonly ServedTensor[] =>
  outputsOf(manifest).flatMap((output) => {
    const { field, kind, columns } = output;
    const isByTarget = kind === 'labels' ? field === 'labels' : columns[0]?.path.length === 2;
    if (!isByTarget) return [toTensor(field, output, 0, columns.length, isSingle(output))];
    return rangesByTarget(output).map(([from, to]) =>
      toTensor(`${field}.${columns[from]?.path[0]}`, output, from, to, kind === 'labels'),
    );
  }),
);

function toTensor(name: string, output: Output, from: number, to: number, isSingle: boolean): ServedTensor {
  const classes = output.columns[from]?.classes ?? [];
  const datatype = output.kind === 'labels' ? datatypeOf[toClassType(classes)] : 'FP64';
  return { name, output, from, to, datatype, isSingle };
}

/** The tensors by all their names: their own, and those of scikit-learn's methods. */
export const tensorsByName = onceFor((manifest: Manifest): ReadonlyMap<string, ServedTensor> => {
  const tensors = servedTensors(manifest);
  const guessed = tensors.flatMap((tensor) => {
    const alias = tensor.name === tensor.output.field ? aliases[tensor.output.field] : undefined;
    return alias ? [[alias, tensor] as const] : [];
  });
  return new Map([...tensors.map((tensor) => [tensor.name, tensor] as const), ...guessed]);
});
