import * as v from 'valibot';

/**
 * model.json: the contract between the export and this service. models/model.schema.json says the same for others, and
 * a test holds the two together.
 */
export type Manifest = v.InferOutput<typeof manifestSchema>;
export type Feature = Manifest['features'][number];
export type DType = Feature['dtype'];

const dtype = v.picklist(['float32', 'float64', 'int64', 'bool', 'string']);
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const notNegative = v.pipe(v.number(), v.minValue(0));
const share = v.pipe(notNegative, v.maxValue(1));
// valibot takes an array for a record.
const recordOf = <T extends v.GenericSchema>(value: T) =>
  v.pipe(
    v.unknown(),
    v.check((document) => !Array.isArray(document), 'Invalid type: Expected Object but received Array'),
    v.record(v.string(), value),
  );
const score = v.strictObject({ mean: v.number(), std: v.number() });
const rows = v.pipe(v.array(v.array(v.unknown())), v.minLength(1));

const input = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1)),
  dtype,
  shape: v.strictTuple([v.null(), count]),
});

const feature = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1)),
  dtype,
  unit: v.nullable(v.string()),
  nullable: v.boolean(),
  baseline: v.strictObject({
    min: v.number(),
    max: v.number(),
    mean: v.number(),
    std: notNegative,
    deciles: v.pipe(v.array(v.number()), v.length(9)),
  }),
});

const common = {
  $schema: v.optional(v.string()),
  name: fileName,
  version: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/)),
  description: v.string(),
  file: fileName,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  opset: recordOf(count),
  ir_version: count,
  producers: recordOf(v.string()),
  inputs: v.pipe(v.array(input), v.minLength(1)),
  features: v.pipe(v.array(feature), v.minLength(1)),
  target: v.strictObject({ name: v.string(), unit: v.nullable(v.string()) }),
  metrics: v.strictObject({ protocol: v.string(), values: recordOf(score) }),
  parity: v.strictObject({
    rows: count,
    label_agreement: v.nullable(share),
    scale: v.pipe(v.number(), v.gtValue(0)),
    largest_error: notNegative,
    tolerance: notNegative,
  }),
};

const examplesOf = <T extends v.GenericSchema>(prediction: T) =>
  v.pipe(
    v.array(v.strictObject({ instances: rows, predictions: v.pipe(v.array(prediction), v.minLength(1)) })),
    v.minLength(1),
  );

const manifestSchema = v.variant('task', [
  v.strictObject({
    ...common,
    task: v.literal('classification'),
    classes: v.pipe(
      v.array(v.string()),
      v.minLength(2),
      v.check((classes) => new Set(classes).size === classes.length, 'Classes must differ'),
    ),
    outputs: v.strictObject({ label: v.string(), probabilities: v.string() }),
    examples: examplesOf(v.strictObject({ label: v.string(), probabilities: recordOf(v.number()) })),
  }),
  v.strictObject({
    ...common,
    task: v.literal('regression'),
    outputs: v.strictObject({ value: v.string() }),
    examples: examplesOf(v.strictObject({ value: v.number() })),
  }),
]);

/** Throws an Error whose message lists everything that is wrong, by path. */
export function parseManifest(document: unknown): Manifest {
  const result = v.safeParse(manifestSchema, document);
  if (!result.success) {
    throw new Error(result.issues.map((issue) => `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`).join('; '));
  }
  const problem = inconsistency(result.output);
  if (problem) throw new Error(problem);
  return result.output;
}

/** What an input of each type can hold without changing it. */
const holds: Readonly<Record<DType, readonly DType[]>> = {
  float32: ['float32', 'int64', 'bool'],
  float64: ['float32', 'float64', 'int64', 'bool'],
  int64: ['int64', 'bool'],
  bool: ['bool'],
  string: ['string'],
};

/** What a schema cannot say. */
function inconsistency({ inputs, features }: Manifest): string | undefined {
  const names = features.map((feature) => feature.name);
  if (new Set(names).size < names.length) return 'features: names must differ';
  const widths = inputs.map((input) => input.shape[1]);
  const oneMatrix = widths.length === 1 && widths[0] === features.length;
  const oneEach = widths.length === features.length && widths.every((width) => width === 1);
  if (!oneMatrix && !oneEach) {
    return `inputs: expected one of width ${features.length} or ${features.length} of width 1, got widths ${widths}`;
  }
  const unheld = features.findIndex((feature, index) => !canHold((inputs[index] ?? inputs[0])?.dtype, feature));
  return unheld < 0 ? undefined : `features.${unheld}: its values, or its nulls, do not fit into its input`;
}

/** A null is stored as NaN or as an empty string. */
function canHold(input: DType = 'string', { dtype, nullable }: Feature): boolean {
  return holds[input].includes(dtype) && !(nullable && (input === 'int64' || input === 'bool'));
}
