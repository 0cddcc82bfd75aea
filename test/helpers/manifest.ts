import type { Class } from '../../functions/core/model/classes.ts';
import { type Categories, type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import type { DType, FeatureType } from '../../functions/core/model/tensor.ts';
import type { Timezone } from '../../functions/core/model/timestamp.ts';
import { readManifest as readShipped } from './files.ts';

/** The manifest of a model whose answer to a row is one of its classes. */
export type Labeller = Extract<Manifest, { classes: unknown }>;
export type Regressor = Extract<Manifest, { task: 'regression'; target: unknown }>;

/** A feature in a test. */
export interface TestColumn {
  readonly name: string;
  readonly dtype: FeatureType;
  /** Only for a timestamp; null if left out. */
  readonly timezone?: Timezone;
  readonly nullable?: boolean;
  /**
   * The categories, or null for none. If left out, a string feature has the category `x`, and other features have none.
   * Values outside the categories are accepted unless `unknown` is `rejected`.
   */
  readonly categories?: readonly (string | number)[] | null;
  readonly unknown?: Categories['unknown'];
  readonly unit?: string;
}

/**
 * The manifest of the shipped iris, without its explanations: these name features and classes, which tests replace.
 */
function readManifest(): Record<string, unknown> {
  const { explanations: _explanations, ...manifest } = readShipped();
  return manifest;
}

/** The baseline of a timestamp feature: from 2020 to 2024, in microseconds. */
const timeRange = toTimeRange(Date.UTC(2020, 0, 1) * 1000, Date.UTC(2024, 0, 1) * 1000);

const [{ baseline: range }] = readManifest().features as [{ baseline: { missing: number } }];

/**
 * The shipped manifest with other features. With `input`, the model has one input, a matrix of that type. Otherwise it
 * has one input for each feature, as the export writes them: strings, and float64 for all other types.
 */
export function manifestOf(columns: readonly TestColumn[], input?: DType): Manifest {
  const inputs = input
    ? [{ name: 'X', dtype: input, shape: [null, columns.length] }]
    : columns.map(({ name, dtype }) => ({ name, dtype: dtype === 'string' ? dtype : 'float64', shape: [null, 1] }));
  return parseManifest({ ...readManifest(), inputs, features: columns.map(toFeature) });
}

function toTimeRange(min: number, max: number) {
  const deciles = Array.from({ length: 9 }, (_, index) => min + ((max - min) * (index + 1)) / 10);
  return { missing: 0, min, max, mean: (min + max) / 2, std: (max - min) / 4, deciles };
}

function toFeature({ name, dtype, nullable = false, unit, timezone = null, ...column }: TestColumn) {
  if (dtype === 'timestamp') {
    return { name, dtype, timezone, unit: null, nullable, categories: null, baseline: timeRange };
  }
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

/** A regressor with the output `value`. */
export function regressorManifest(): Regressor {
  const { classes: _classes, ...manifest } = readManifest();
  const examples = [{ instances: [[1, 2, 3, 4]], predictions: [{ value: 1 }] }];
  const parity = { ...(manifest.parity as object), label_agreement: null };
  const { missing: _missing, ...baseline } = range;
  const target = { ...(manifest.target as object), baseline };
  const document = { ...manifest, task: 'regression', target, outputs: { value: 'variable' }, examples, parity };
  return parseManifest(document) as Regressor;
}

/** The shipped manifest with these changes. It has classes or a target only if `changes` sets them. */
function manifestLike(changes: Readonly<Record<string, unknown>>): Manifest {
  const { classes: _classes, target: _target, ...manifest } = readManifest();
  return parseManifest({ ...manifest, ...changes });
}

function exampleOf(prediction: object) {
  return [{ instances: [[1, 2, 3, 4]], predictions: [prediction] }];
}

const zeros = (names: readonly Class[]) => Object.fromEntries(names.map((name) => [String(name), 0]));

/** A classifier with a decision function instead of probabilities. With two classes, only the second has a score. */
export function scoresManifest(classes: readonly Class[]): Manifest {
  const scores = zeros(classes.length === 2 ? classes.slice(1) : classes);
  const outputs = { label: 'label', scores: 'scores' };
  const target = { name: 'species', unit: null };
  return manifestLike({ target, classes, outputs, examples: exampleOf({ label: classes[0], scores }) });
}

/** A classifier with neither probabilities nor scores. */
export function labelsManifest(classes: readonly Class[]): Manifest {
  const target = { name: 'species', unit: null };
  return manifestLike({ target, classes, outputs: { label: 'label' }, examples: exampleOf({ label: classes[0] }) });
}

/** A classifier of several targets, with or without probabilities. */
export function targetsManifest(
  targets: readonly { readonly name: string; readonly classes: readonly Class[] }[],
  hasProbabilities = true,
): Manifest {
  const labels = Object.fromEntries(targets.map(({ name, classes }) => [name, classes[0]]));
  const probabilities = Object.fromEntries(targets.map(({ name, classes }) => [name, zeros(classes)]));
  return manifestLike({
    targets: targets.map((target) => ({ ...target, unit: null })),
    outputs: { labels: 'labels', ...(hasProbabilities && { probabilities: 'probabilities' }) },
    examples: exampleOf({ labels, ...(hasProbabilities && { probabilities }) }),
  });
}

/** A regressor of several targets. The second has no baseline, as if its training values were unknown. */
export function valuesManifest(names: readonly string[]): Manifest {
  const { missing: _missing, ...baseline } = range;
  return manifestLike({
    task: 'regression',
    targets: names.map((name, index) => ({ name, unit: 'cm', baseline: index === 1 ? null : baseline })),
    outputs: { values: 'values' },
    examples: exampleOf({ values: zeros(names) }),
    parity: { ...(readManifest().parity as object), label_agreement: null },
  });
}

export function outliersManifest(): Manifest {
  return manifestLike({
    task: 'outliers',
    classes: ['inlier', 'outlier'],
    outputs: { label: 'label', score: 'score' },
    examples: exampleOf({ label: 'inlier', score: 0.5 }),
  });
}

/** A clusterer with distances, a mixture with probabilities, or a clusterer with neither. */
export function clustersManifest(count: number, field?: 'distances' | 'probabilities'): Manifest {
  const classes = Array.from({ length: count }, (_, cluster) => cluster);
  return manifestLike({
    task: 'clustering',
    classes,
    outputs: { label: 'label', ...(field && { [field]: field }) },
    examples: exampleOf({ label: 0, ...(field && { [field]: zeros(classes) }) }),
  });
}

/**
 * A manifest with features of several types, some of them nullable. One string feature rejects unknown categories, and
 * the other accepts them.
 */
export function mixedManifest(): Manifest {
  return manifestOf([
    { name: 'age', dtype: 'int64', nullable: true },
    { name: 'income', dtype: 'float32', unit: 'EUR' },
    { name: 'member', dtype: 'bool', nullable: true },
    { name: 'city', dtype: 'string', categories: ['Graz', 'Wien', 'Linz'], unknown: 'rejected' },
    { name: 'note', dtype: 'string', nullable: true, categories: ['a', 'b'] },
  ]);
}

/** A manifest for each kind of answer, except for a classifier with probabilities and a regressor of one target. */
export function kindsOfAnswers(): Readonly<Record<string, Manifest>> {
  const targets = [
    { name: 'colour', classes: ['red', 'blue'] },
    { name: 'size', classes: [1, 2, 3] },
  ];
  return {
    'classifier with scores': scoresManifest(['a', 'b', 'c']),
    'classifier of two classes with a score': scoresManifest([0, 1]),
    'classifier without either': labelsManifest([false, true]),
    'classifier of several targets': targetsManifest(targets),
    'classifier of several targets without probabilities': targetsManifest(targets, false),
    'regressor of several targets': valuesManifest(['height', 'weight']),
    'outlier detector': outliersManifest(),
    'clusterer with distances': clustersManifest(3, 'distances'),
    mixture: clustersManifest(2, 'probabilities'),
    'clusterer without either': clustersManifest(1),
  };
}

/** The message with which parseManifest refuses the document; undefined if it accepts the document. */
export function problemWith(document: unknown): string | undefined {
  try {
    parseManifest(document);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
