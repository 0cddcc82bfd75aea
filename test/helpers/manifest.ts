import { type DType, type Manifest, parseManifest } from '../../functions/predict/model/manifest.ts';
import { readManifest } from './files.ts';

const [iris] = readManifest().features as Record<string, unknown>[];

/** The shipped manifest with other columns: one matrix of `input`, or one input for each column without it. */
export function manifestOf(
  columns: readonly { name: string; dtype: DType; nullable?: boolean }[],
  input?: DType,
): Manifest {
  const inputs = input
    ? [{ name: 'X', dtype: input, shape: [null, columns.length] }]
    : columns.map(({ name, dtype }) => ({ name, dtype, shape: [null, 1] }));
  const features = columns.map((column) => ({ ...iris, nullable: false, ...column }));
  return parseManifest({ ...readManifest(), inputs, features });
}

/** A regressor: `value` is its output. */
export function regressorManifest(): Manifest {
  const { classes: _classes, ...manifest } = readManifest();
  const examples = [{ instances: [[1, 2, 3, 4]], predictions: [{ value: 1 }] }];
  return parseManifest({ ...manifest, task: 'regression', outputs: { value: 'variable' }, examples });
}
