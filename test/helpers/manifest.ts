import { type Categories, type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import { readManifest } from './files.ts';

/** A feature as a test states it. */
export interface TestColumn {
  readonly name: string;
  readonly dtype: DType;
  readonly nullable?: boolean;
  /** Where there are some; others are accepted unless it says `rejected`. A string has one unless they are null. */
  readonly categories?: readonly (string | number)[] | null;
  readonly unknown?: Categories['unknown'];
  readonly unit?: string;
}

const [{ baseline: range }] = readManifest().features as [{ baseline: { missing: number } }];

/**
 * The shipped manifest with other columns: one matrix of `input`, or, without it, one input for each column as the export
 * writes them, float64 for whatever is no string.
 */
export function manifestOf(columns: readonly TestColumn[], input?: DType): Manifest {
  const inputs = input
    ? [{ name: 'X', dtype: input, shape: [null, columns.length] }]
    : columns.map(({ name, dtype }) => ({ name, dtype: dtype === 'string' ? dtype : 'float64', shape: [null, 1] }));
  return parseManifest({ ...readManifest(), inputs, features: columns.map(toFeature) });
}

function toFeature({ name, dtype, nullable = false, unit, ...column }: TestColumn) {
  const { categories: values = dtype === 'string' ? ['x'] : undefined, unknown = 'accepted' } = column;
  const categories = values ? { values, frequencies: values.map(() => 1 / values.length), unknown } : null;
  return {
    name,
    dtype,
    unit: unit ?? null,
    nullable,
    categories,
    baseline: dtype === 'string' ? { missing: 0 } : range,
  };
}

/** A regressor: `value` is its output. */
export function regressorManifest(): Manifest {
  const { classes: _classes, ...manifest } = readManifest();
  const examples = [{ instances: [[1, 2, 3, 4]], predictions: [{ value: 1 }] }];
  const parity = { ...(manifest.parity as object), label_agreement: null };
  const { missing: _missing, ...baseline } = range;
  const target = { ...(manifest.target as object), baseline };
  return parseManifest({ ...manifest, task: 'regression', target, outputs: { value: 'variable' }, examples, parity });
}

/** A package of every type: strings of which others are refused or accepted, and what may be missing. */
export function mixedManifest(): Manifest {
  return manifestOf([
    { name: 'age', dtype: 'int64', nullable: true },
    { name: 'income', dtype: 'float32', unit: 'EUR' },
    { name: 'member', dtype: 'bool', nullable: true },
    { name: 'city', dtype: 'string', categories: ['Graz', 'Wien', 'Linz'], unknown: 'rejected' },
    { name: 'note', dtype: 'string', nullable: true, categories: ['a', 'b'] },
  ]);
}
