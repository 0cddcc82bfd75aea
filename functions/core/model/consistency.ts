import { countGroups } from '../text/words.ts';
import { toName } from './classes.ts';
import { type Example, problemWithExample } from './example-consistency.ts';
import { type Analyzer, analyzersOf, feedsOf, isInputOf, isText } from './inputs.ts';
import type { Feature, Manifest } from './manifest.ts';
import { type Distribution, type Output, outputsOf, targetsOf } from './outputs.ts';
import type { DType, FeatureType } from './tensor.ts';
import { isInCalendar, outOfCalendar } from './timestamp.ts';

/**
 * Checks what the schema cannot: whether the parts of model.json fit each other. Returns the first problem with the
 * path of its part, or undefined.
 */
export function inconsistency(manifest: Manifest): string | undefined {
  return (
    problemWithInputs(manifest) ??
    firstProblem(manifest.features, problemWithFeature, 'features') ??
    problemWithTargets(manifest) ??
    problemWithOutputs(manifest) ??
    problemWithParity(manifest) ??
    firstProblem<Example>(manifest.examples, (example) => problemWithExample(example, manifest), 'examples') ??
    problemWithExplanations(manifest)
  );
}

/** The first problem in a list, with its path in front. */
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

/** The types of features that an input of each type can hold. A float32 input rounds integers beyond 2^24. */
const holds: Readonly<Record<DType, readonly FeatureType[]>> = {
  float32: ['float32', 'int64', 'bool'],
  float64: ['float32', 'float64', 'int64', 'bool', 'timestamp'],
  int64: ['int64', 'bool'],
  bool: ['bool'],
  string: ['string'],
};

function problemWithInputs(manifest: Manifest): string | undefined {
  const { features } = manifest;
  const names = features.map((feature) => feature.name);
  if (new Set(names).size < names.length) return 'features: names must differ';
  const problem = features.some(isText) ? problemWithTermInputs(manifest) : undefined;
  if (problem) return problem;
  const inputs = feedsOf(manifest);
  const widths = inputs.map(({ width }) => width);
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
        features,
      );
}

function problemWithInputNames(inputs: readonly string[], features: readonly Feature[]): string | undefined {
  const other = features.findIndex((feature, index) => !isInputOf(inputs[index] ?? '', feature, index));
  return other < 0 ? undefined : `features.${other}: its name differs from the name of its input in the model`;
}

/** Each analyzer needs an input for its terms, and every other input must belong to a feature. */
function problemWithTermInputs(manifest: Manifest): string | undefined {
  const { inputs, features } = manifest;
  const names = features.flatMap(analyzersOf).map(({ input }) => input);
  if (new Set(names).size < names.length) return 'features: analyzers must have inputs that differ';
  const isOfTerms = (name: string) =>
    inputs.some((input) => input.name === name && input.dtype === 'string' && input.shape[1] === 1);
  const without = names.find((name) => !isOfTerms(name));
  if (without !== undefined)
    return `inputs: expected one of strings, of width 1 and called ${without}, for an analyzer`;
  const fed = feedsOf(manifest).map(({ name }) => name);
  if (new Set(fed).size < fed.length) return 'inputs: names must differ from those of other features';
  const other = inputs.find(({ name }) => !names.includes(name) && !fed.includes(name));
  return other && `inputs: ${other.name} belongs to no feature and no analyzer`;
}

/** A null is stored as NaN or as an empty string, which inputs of type int64 and bool cannot hold. */
function canHold(input: DType = 'string', { dtype, nullable }: Feature): boolean {
  return holds[input].includes(dtype) && !(nullable && (input === 'int64' || input === 'bool'));
}

function problemWithFeature(feature: Feature): string | undefined {
  const problem = problemWithCategories(feature);
  if (problem) return `.categories: ${problem}`;
  const ofAnalyzer = firstProblem(analyzersOf(feature), problemWithAnalyzer, '.analyzers');
  if (ofAnalyzer) return ofAnalyzer;
  if (isText(feature) && feature.categories) return '.categories: expected null for a feature with analyzers';
  const { dtype, baseline } = feature;
  if (dtype === 'string' || !baseline) return undefined;
  const isBeyond = dtype === 'timestamp' && !(isInCalendar(baseline.min) && isInCalendar(baseline.max));
  return isBeyond ? `.baseline: ${outOfCalendar}` : problemWithDistribution(baseline, '.baseline');
}

function problemWithAnalyzer({ kind, pattern, ngrams: [least, most], stop_words }: Analyzer): string | undefined {
  if (least > most) return `.ngrams: ${least} is more than ${most}`;
  if (kind === 'word') return problemWithPattern(pattern);
  if (stop_words !== null) return '.stop_words: expected null, because the terms are not words';
  return pattern === null ? undefined : '.pattern: expected null, because the terms are not words';
}

function problemWithPattern(pattern: string | null): string | undefined {
  if (pattern === null) return '.pattern: expected a pattern, because the terms are words';
  try {
    if (countGroups(pattern) > 1) return '.pattern: expected at most 1 capturing group';
    return new RegExp(pattern, 'gu').test('') ? '.pattern: it matches an empty text' : undefined;
  } catch {
    return '.pattern: expected a regular expression of JavaScript for the flags gu';
  }
}

const isCategoryOf: Readonly<Record<FeatureType, (value: unknown) => boolean>> = {
  float32: (value) => Number.isFinite(Math.fround(Number(value))),
  // The schema refuses infinite numbers.
  float64: () => true,
  int64: Number.isSafeInteger,
  // As the numbers 0 and 1, which is also how the model reads them.
  bool: (value) => value === 0 || value === 1,
  string: () => true,
  timestamp: () => false,
};

/** The rounding error that is allowed for sums and means in float64, as a share of their largest term. */
const rounding = 1e-9;

function problemWithCategories({ dtype, categories }: Feature): string | undefined {
  if (!categories) return undefined;
  const { values, frequencies } = categories;
  if (frequencies.length !== values.length) {
    return `expected a frequency for each of ${values.length} values, got ${frequencies.length}`;
  }
  if (!values.every(isCategoryOf[dtype])) return `its values are not of type ${dtype}`;
  const sum = frequencies.reduce((total, share) => total + share, 0);
  return sum > 1 + rounding ? `its frequencies sum to ${sum}, which is more than 1` : undefined;
}

/** Checks what holds for the statistics of any numbers. */
function problemWithDistribution({ min, max, mean, std, deciles }: Distribution, path: string): string | undefined {
  const slack = rounding * Math.max(Math.abs(min), Math.abs(max));
  const isSorted = (values: readonly number[]) =>
    values.every((value, index) => index === 0 || (values[index - 1] as number) <= value + slack);
  if (min > max) return `${path}: min is ${min} and max ${max}, which is less`;
  if (!isSorted([min, ...deciles, max])) return `${path}.deciles: expected them in order, from min to max`;
  if (!isSorted([min, mean, max])) return `${path}.mean: ${mean} is not between min and max`;
  // The standard deviation is largest if half of the values are at each end.
  return std > (max - min) / 2 + slack ? `${path}.std: ${std} is more than half of the range` : undefined;
}

function problemWithTargets(manifest: Manifest): string | undefined {
  const targets = targetsOf(manifest);
  const pathOf = (index: number) => ('targets' in manifest ? `targets.${index}` : 'target');
  if (new Set(targets.map(({ name }) => name)).size < targets.length) return 'targets: names must differ';
  for (const [index, { baseline }] of targets.entries()) {
    const problem = baseline && problemWithDistribution(baseline, `${pathOf(index)}.baseline`);
    if (problem) return problem;
  }
  return undefined;
}

/** A model that answers probabilities has no scores (of a classifier) and no distances (of a clustering) besides. */
function problemWithOutputs({ outputs }: Manifest): string | undefined {
  if (!('probabilities' in outputs)) return undefined;
  const other = ['scores', 'distances'].find((name) => name in outputs);
  return other && `outputs: expected probabilities or ${other}, got both`;
}

/** The rounding error of a long sum in float32, the least precise type that originals compute in. */
const largestTolerance = 1e-3;

function problemWithParity(manifest: Manifest): string | undefined {
  const { parity } = manifest;
  if (!parity) return undefined;
  const { rows, points, mismatches, tolerance, largest_error: error, thresholds } = parity;
  const counted = Object.values(points).reduce((sum, count) => sum + count, 0);
  if (counted !== rows) return `parity.points: sum to ${counted}, but rows is ${rows}`;
  if (mismatches > rows) return `parity.mismatches: ${mismatches} are more than the ${rows} rows`;
  if (tolerance > largestTolerance) {
    return `parity.tolerance: ${tolerance} proves nothing; expected at most ${largestTolerance}`;
  }
  // The export rounds the error up to a power of ten.
  if (mismatches === 0 && error > 10 * tolerance * (1 + rounding)) {
    return `parity.largest_error: ${error} is beyond the tolerance, but mismatches is 0`;
  }
  if (thresholds && thresholds.tried > thresholds.total) {
    return `parity.thresholds: ${thresholds.tried} were tried of ${thresholds.total}`;
  }
  return problemWithScores(outputsOf(manifest), parity);
}

/** Checks the share of labels that agree, and that probabilities have the scale 1. */
function problemWithScores(
  outputs: readonly Output[],
  { rows, mismatches, label_agreement: agreement, scale }: NonNullable<Manifest['parity']>,
): string | undefined {
  if (!outputs.some(({ kind }) => kind === 'labels')) {
    return agreement === null ? undefined : 'parity.label_agreement: a regressor has no labels';
  }
  const hasProbabilities = outputs.some(({ field }) => field === 'probabilities');
  if (hasProbabilities && scale !== 1) return `parity.scale: expected 1 of a classifier, got ${scale}`;
  const isAgreement = agreement !== null && agreement >= 1 - mismatches / rows - rounding;
  return isAgreement ? undefined : `parity.label_agreement: ${agreement} does not fit ${mismatches} mismatches`;
}

function problemWithExplanations(manifest: Manifest): string | undefined {
  const { explanations, features, file } = manifest;
  if (!explanations) return undefined;
  const { importance } = explanations;
  if ([file, 'model.json', 'golden.json'].includes(explanations.file)) {
    return `explanations.file: ${explanations.file} is another file of the package`;
  }
  const columns = outputsOf(manifest).flatMap((output) => (output.kind === 'numbers' ? output.columns : []));
  if (columns.length === 0) return 'explanations: the model answers no number that could be explained';
  const numbers = columns.map(({ name }) => toName(name));
  // For many numbers and features, the export writes the mean over all numbers, under an empty name.
  if (!haveSameNames(importance, numbers) && !haveSameNames(importance, [''])) {
    return `explanations.importance: expected the ${numbers.length} column names of the answer's numbers in a table`;
  }
  const names = features.map(({ name }) => name);
  const other = Object.keys(importance).find((number) => !haveSameNames(importance[number] as object, names));
  return other === undefined ? undefined : `explanations.importance.${other}: expected a number for each feature`;
}

function haveSameNames(record: object, names: readonly string[]): boolean {
  return Object.keys(record).length === names.length && names.every((name) => Object.hasOwn(record, name));
}
