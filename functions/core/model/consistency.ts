import { toNames } from './classes.ts';
import type { Feature, Manifest } from './manifest.ts';
import type { DType } from './tensor.ts';

/** What a schema cannot say: why parts of model.json do not fit each other, by the path of the part. */
export function inconsistency(manifest: Manifest): string | undefined {
  return (
    problemWithInputs(manifest) ??
    firstProblem(manifest.features, problemWithFeature, 'features') ??
    problemWithTarget(manifest) ??
    problemWithParity(manifest) ??
    firstProblem<Example>(manifest.examples, (example) => problemWithExample(example, manifest), 'examples')
  );
}

/** The first of a list that has a problem, and the problem, behind its path. */
function firstProblem<T>(
  values: readonly T[],
  problemWith: (value: T) => string | undefined,
  path: string,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const problem = problemWith(value);
    if (problem) return `${path}.${index}${problem}`;
  }
  return undefined;
}

/** What an input of each type can hold without changing it. */
const holds: Readonly<Record<DType, readonly DType[]>> = {
  float32: ['float32', 'int64', 'bool'],
  float64: ['float32', 'float64', 'int64', 'bool'],
  int64: ['int64', 'bool'],
  bool: ['bool'],
  string: ['string'],
};

function problemWithInputs({ inputs, features }: Manifest): string | undefined {
  const names = features.map((feature) => feature.name);
  if (new Set(names).size < names.length) return 'features: names must differ';
  const widths = inputs.map((input) => input.shape[1]);
  const oneMatrix = widths.length === 1 && widths[0] === features.length;
  const oneEach = widths.length === features.length && widths.every((width) => width === 1);
  if (!oneMatrix && !oneEach) {
    return `inputs: expected one of width ${features.length} or ${features.length} of width 1, got widths ${widths}`;
  }
  const unheld = features.findIndex((feature, index) => !canHold((inputs[index] ?? inputs[0])?.dtype, feature));
  if (unheld >= 0) return `features.${unheld}: its values, or its nulls, do not fit into its input`;
  return oneMatrix
    ? undefined
    : problemWithInputNames(
        inputs.map(({ name }) => name),
        names,
      );
}

/** A graph calls an input after its feature, or by its number where that name is one of the graph's own. */
function problemWithInputNames(inputs: readonly string[], features: readonly string[]): string | undefined {
  const other = features.findIndex((name, index) => inputs[index] !== name && inputs[index] !== `input ${index}`);
  return other < 0 ? undefined : `features.${other}: is called otherwise than its input in the model`;
}

/** A null is stored as NaN or as an empty string. */
function canHold(input: DType = 'string', { dtype, nullable }: Feature): boolean {
  return holds[input].includes(dtype) && !(nullable && (input === 'int64' || input === 'bool'));
}

function problemWithFeature(feature: Feature): string | undefined {
  const problem = problemWithCategories(feature);
  if (problem) return `.categories: ${problem}`;
  return feature.dtype === 'string' ? undefined : problemWithDistribution(feature.baseline, '.baseline');
}

const isCategoryOf: Readonly<Record<DType, (value: unknown) => boolean>> = {
  float32: (value) => Number.isFinite(Math.fround(Number(value))),
  float64: Number.isFinite,
  int64: Number.isSafeInteger,
  // As numbers, as which the model takes them too.
  bool: (value) => value === 0 || value === 1,
  string: () => true,
};

/** What sums and means of float64 may be off by, as a share of their largest term. */
const rounding = 1e-9;

function problemWithCategories({ dtype, categories }: Feature): string | undefined {
  if (!categories) return undefined;
  const { values, frequencies } = categories;
  if (frequencies.length !== values.length) {
    return `expected a frequency for each of ${values.length} values, got ${frequencies.length}`;
  }
  if (!values.every(isCategoryOf[dtype])) return `its values are none of ${dtype}`;
  const sum = frequencies.reduce((total, share) => total + share, 0);
  return sum > 1 + rounding ? `its frequencies sum to ${sum}, which is more than 1` : undefined;
}

interface Distribution {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly deciles: readonly number[];
}

/** What holds for any numbers. */
function problemWithDistribution({ min, max, mean, std, deciles }: Distribution, path: string): string | undefined {
  const slack = rounding * Math.max(Math.abs(min), Math.abs(max));
  const isSorted = (values: readonly number[]) =>
    values.every((value, index) => index === 0 || (values[index - 1] as number) <= value + slack);
  if (min > max) return `${path}: min is ${min} and max ${max}, which is less`;
  if (!isSorted([min, ...deciles, max])) return `${path}.deciles: expected them in order, from min to max`;
  if (!isSorted([min, mean, max])) return `${path}.mean: ${mean} is not between min and max`;
  // Half of the values at each end are as far apart as values can be.
  return std > (max - min) / 2 + slack ? `${path}.std: ${std} is more than half of the range` : undefined;
}

function problemWithTarget(manifest: Manifest): string | undefined {
  return manifest.task === 'regression'
    ? problemWithDistribution(manifest.target.baseline, 'target.baseline')
    : undefined;
}

/** What float32, in which the least precise originals compute, loses in a long sum. */
const largestTolerance = 1e-3;

function problemWithParity({ task, parity }: Manifest): string | undefined {
  const { rows, points, mismatches, tolerance, largest_error: error } = parity;
  const counted = Object.values(points).reduce((sum, count) => sum + count, 0);
  if (counted !== rows) return `parity.points: sum to ${counted}, and rows is ${rows}`;
  if (mismatches > rows) return `parity.mismatches: ${mismatches} are more than the ${rows} rows`;
  if (tolerance > largestTolerance) {
    return `parity.tolerance: ${tolerance} proves nothing; expected at most ${largestTolerance}`;
  }
  // It is rounded up to a power of ten.
  if (mismatches === 0 && error > 10 * tolerance * (1 + rounding)) {
    return `parity.largest_error: ${error} is beyond the tolerance, and mismatches is 0`;
  }
  return problemWithScores(task, parity);
}

/** A classifier has labels to agree on, and scores that are probabilities. */
function problemWithScores(task: Manifest['task'], parity: Manifest['parity']): string | undefined {
  const { rows, mismatches, label_agreement: agreement, scale } = parity;
  if (task === 'regression')
    return agreement === null ? undefined : 'parity.label_agreement: a regressor has no labels';
  if (scale !== 1) return `parity.scale: expected 1 of a classifier, got ${scale}`;
  const isAgreement = agreement !== null && agreement >= 1 - mismatches / rows - rounding;
  return isAgreement ? undefined : `parity.label_agreement: ${agreement} does not fit ${mismatches} mismatches`;
}

/** Rows and their answers. */
type Example = Manifest['examples'][number];

function problemWithExample({ instances, predictions }: Example, manifest: Manifest): string | undefined {
  if (instances.length !== predictions.length) {
    return `: expected a prediction for each of ${instances.length} rows, got ${predictions.length}`;
  }
  if (manifest.task === 'regression') return undefined;
  const { classes } = manifest;
  const names = new Set(toNames(classes));
  for (const prediction of predictions) {
    if (!('label' in prediction)) continue;
    if (!classes.includes(prediction.label)) return ': its label is none of the classes';
    const named = Object.keys(prediction.probabilities);
    if (named.length !== names.size || !named.every((name) => names.has(name))) {
      return ': expected a probability of each class, and of no other';
    }
  }
  return undefined;
}
