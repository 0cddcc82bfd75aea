import * as v from 'valibot';
import { largestBudget } from '../explain/method.ts';
import { type Class, toName } from './classes.ts';
import { isRecord } from './value.ts';

const numericDtype = v.picklist(['float32', 'float64', 'int64', 'bool']);
const stringDtype = v.literal('string');
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
// JSON.parse reads 1e999 as Infinity.
const number = v.pipe(v.number(), v.finite());
const wholeNumber = v.pipe(number, v.integer(), v.minValue(0));
const count = v.pipe(number, v.integer(), v.minValue(1));
const notNegative = v.pipe(number, v.minValue(0));
const share = v.pipe(notNegative, v.maxValue(1));
// valibot takes an array for a record.
const recordOf = <T extends v.GenericSchema>(value: T) =>
  v.pipe(
    v.unknown(),
    v.check((document) => !Array.isArray(document), 'Invalid type: Expected Object but received Array'),
    v.record(v.string(), value),
  );
// valibot's record leaves out keys such as constructor, which a class may be called.
const recordByName = <T>(isValue: (value: unknown) => boolean, expected: string) =>
  v.custom<Readonly<Record<string, T>>>(
    (document) => isRecord(document) && Object.values(document).every(isValue),
    `Invalid type: Expected ${expected}`,
  );
const isNumbers = (document: unknown) => isRecord(document) && Object.values(document).every(Number.isFinite);
const byClass = recordByName<number>(Number.isFinite, 'a number for each class');
const byTarget = recordByName<number>(Number.isFinite, 'a number for each target');
const byTargetAndClass = recordByName<Readonly<Record<string, number>>>(
  isNumbers,
  'a number for each class of each target',
);
const byNumberAndFeature = recordByName<Readonly<Record<string, number>>>(
  (value) => isNumbers(value) && Object.values(value as object).every((number) => number >= 0),
  'a number from 0 for each feature, by the number that they explain',
);
const isDistinct = (values: readonly unknown[]) => new Set(values).size === values.length;
/** Beyond these bounds, JavaScript cannot tell a whole number from the next one. */
const classNumber = v.pipe(number, v.minValue(Number.MIN_SAFE_INTEGER), v.maxValue(Number.MAX_SAFE_INTEGER));
const classValue: v.GenericSchema<Class> = v.union([v.string(), v.boolean(), classNumber]);
const labelsByTarget = recordByName<Class>((value) => v.is(classValue, value), 'a class for each target');
const score = v.strictObject({ mean: number, std: number });
const rows = v.pipe(v.array(v.array(v.unknown())), v.minLength(1));

const input = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1)),
  dtype: v.union([numericDtype, stringDtype]),
  shape: v.strictTuple([v.null(), count]),
});

const categoriesOf = <T extends v.GenericSchema<string | number>>(value: T) =>
  v.strictObject({
    values: v.pipe(
      v.array(value),
      v.minLength(1),
      v.check((values) => isDistinct(values), 'Values must differ'),
    ),
    frequencies: v.array(share),
    unknown: v.picklist(['accepted', 'rejected']),
  });

/** How a vectorizer of the original model makes terms of a text. text/analyzer.ts does the same. */
const analyzer = v.strictObject({
  input: v.pipe(v.string(), v.minLength(1)),
  kind: v.picklist(['word', 'char', 'char_wb']),
  lowercase: v.boolean(),
  accents: v.nullable(v.picklist(['ascii', 'unicode'])),
  pattern: v.nullable(v.string()),
  ngrams: v.strictTuple([count, count]),
  stop_words: v.nullable(v.array(v.string())),
  hash: v.nullable(v.strictObject({ features: v.pipe(count, v.maxValue(2 ** 31 - 1)), signed: v.boolean() })),
});

const featureOf = <D extends v.GenericSchema, C extends v.GenericSchema, B extends v.GenericSchema>(
  dtype: D,
  categories: C,
  baseline: B,
) =>
  v.strictObject({
    name: v.pipe(v.string(), v.minLength(1)),
    dtype,
    unit: v.nullable(v.string()),
    nullable: v.boolean(),
    categories,
    baseline,
  });

const distribution = {
  min: number,
  max: number,
  mean: number,
  std: notNegative,
  deciles: v.pipe(v.array(number), v.length(9)),
};
const range = v.strictObject({ missing: share, ...distribution });

const timestamp = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1)),
  dtype: v.literal('timestamp'),
  // null for local times.
  timezone: v.nullable(v.literal('UTC')),
  unit: v.null(),
  nullable: v.boolean(),
  categories: v.null(),
  // In microseconds since 1970.
  baseline: v.nullable(range),
});

const feature = v.variant('dtype', [
  featureOf(numericDtype, v.nullable(categoriesOf(number)), v.nullable(range)),
  v.strictObject({
    ...featureOf(stringDtype, v.nullable(categoriesOf(v.string())), v.nullable(v.strictObject({ missing: share })))
      .entries,
    analyzers: v.optional(v.pipe(v.array(analyzer), v.minLength(1))),
  }),
  timestamp,
]);

const target = { name: v.string(), unit: v.nullable(v.string()) };
const numericTarget = v.strictObject({ ...target, baseline: v.nullable(v.strictObject(distribution)) });
const classesOf = (least: number, most = Number.POSITIVE_INFINITY) =>
  v.pipe(
    v.array(classValue),
    v.minLength(least),
    v.maxLength(most),
    v.check((classes) => new Set(classes.map((value) => typeof value)).size === 1, 'Classes must be of one type'),
    v.check((classes) => isDistinct(classes.map(toName)), 'Classes must differ'),
  );
const severalClasses = <T extends v.GenericSchema>(one: T) => v.pipe(v.array(one), v.minLength(2), v.maxLength(50));
const severalOf = <T extends v.GenericSchema>(one: T) => v.pipe(v.array(one), v.minLength(1));

/** What core/explain/ needs to explain answers. */
const explanations = v.strictObject({
  file: fileName,
  sha256: digest,
  rows: count,
  origin: v.picklist(['made', 'training']),
  budget: v.pipe(count, v.maxValue(largestBudget)),
  importance: byNumberAndFeature,
  parity: v.nullable(
    v.strictObject({
      rows: wholeNumber,
      method: v.picklist(['exact', 'permutations']),
      against: v.string(),
      largest_error: notNegative,
    }),
  ),
});

/** How good the model is. `protocol` says on which rows this was measured, and whether the model was fitted to them. */
const metrics = v.strictObject({
  protocol: v.string(),
  values: recordOf(score),
  confusion: v.optional(v.strictObject({ counts: severalClasses(severalClasses(wholeNumber)) })),
  thresholds: v.optional(
    severalOf(v.strictObject({ threshold: share, precision: v.nullable(share), recall: v.nullable(share), share })),
  ),
  residuals: v.optional(v.strictObject({ mean: number, std: notNegative, deciles: distribution.deciles })),
});

const common = {
  $schema: v.optional(v.string()),
  name: fileName,
  version: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/)),
  description: v.string(),
  file: fileName,
  sha256: digest,
  opset: recordOf(count),
  ir_version: count,
  producers: recordOf(v.string()),
  inputs: v.pipe(v.array(input), v.minLength(1)),
  features: v.pipe(v.array(feature), v.minLength(1)),
  metrics,
  parity: v.nullable(
    v.strictObject({
      rows: count,
      points: recordOf(wholeNumber),
      label_agreement: v.nullable(share),
      mismatches: wholeNumber,
      scale: v.pipe(number, v.gtValue(0)),
      largest_error: notNegative,
      tolerance: notNegative,
      thresholds: v.optional(v.strictObject({ tried: wholeNumber, total: wholeNumber })),
      undecided: v.optional(wholeNumber),
    }),
  ),
  memory_size: v.optional(count),
  explanations: v.optional(explanations),
};

const examplesOf = <T extends v.GenericSchema>(prediction: T) =>
  v.pipe(
    v.array(v.strictObject({ instances: rows, predictions: v.pipe(v.array(prediction), v.minLength(1)) })),
    v.minLength(1),
  );

const tensor = v.string();
const classification = v.literal('classification');
const regression = v.literal('regression');

/** A model of one target, which has no name if the model finds outliers or clusters. */
export const ofOneTarget = v.variant('task', [
  v.strictObject({
    ...common,
    task: classification,
    target: v.strictObject(target),
    classes: classesOf(2),
    outputs: v.strictObject({ label: tensor, probabilities: v.optional(tensor), scores: v.optional(tensor) }),
    examples: examplesOf(
      v.strictObject({ label: classValue, probabilities: v.optional(byClass), scores: v.optional(byClass) }),
    ),
  }),
  v.strictObject({
    ...common,
    task: regression,
    target: numericTarget,
    outputs: v.strictObject({ value: tensor }),
    examples: examplesOf(v.strictObject({ value: number })),
  }),
  v.strictObject({
    ...common,
    task: v.literal('outliers'),
    classes: classesOf(2, 2),
    outputs: v.strictObject({ label: tensor, score: tensor }),
    examples: examplesOf(v.strictObject({ label: classValue, score: number })),
  }),
  v.strictObject({
    ...common,
    task: v.literal('clustering'),
    classes: classesOf(1),
    outputs: v.strictObject({ label: tensor, distances: v.optional(tensor), probabilities: v.optional(tensor) }),
    examples: examplesOf(
      v.strictObject({ label: classValue, distances: v.optional(byClass), probabilities: v.optional(byClass) }),
    ),
  }),
]);

/** A model of several targets. */
export const ofTargets = v.variant('task', [
  v.strictObject({
    ...common,
    task: classification,
    targets: severalOf(v.strictObject({ ...target, classes: classesOf(1) })),
    outputs: v.strictObject({ labels: tensor, probabilities: v.optional(tensor) }),
    examples: examplesOf(v.strictObject({ labels: labelsByTarget, probabilities: v.optional(byTargetAndClass) })),
  }),
  v.strictObject({
    ...common,
    task: regression,
    targets: severalOf(numericTarget),
    outputs: v.strictObject({ values: tensor }),
    examples: examplesOf(v.strictObject({ values: byTarget })),
  }),
]);
