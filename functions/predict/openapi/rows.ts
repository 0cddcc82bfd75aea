import { listValues } from '../../core/model/categories.ts';
import { type Class, toClassType } from '../../core/model/classes.ts';
import { isText } from '../../core/model/inputs.ts';
import type { Feature, Manifest } from '../../core/model/manifest.ts';
import {
  type AnswerColumn,
  type Output,
  outputsOf,
  rangesByTarget,
  type Target,
  targetsOf,
} from '../../core/model/outputs.ts';
import type { DType } from '../../core/model/tensor.ts';
import { formatTime } from '../../core/model/timestamp.ts';
import { anyOf, arrayOf, objectOf, ref, tupleOf } from './builders.ts';
import type { Schema } from './document.ts';
import { toTimeSchema, toTimeSchemas } from './times.ts';

/** The least number that rounds to Infinity as a float32. */
const float32Overflow = (2 - 2 ** -24) * 2 ** 127;

/**
 * The values that the service accepts for each type. float64 has bounds too, because JSON can write larger numbers,
 * such as 1e999.
 */
export const valueSchemas: Readonly<Record<DType, Schema>> = {
  float32: { type: 'number', exclusiveMinimum: -float32Overflow, exclusiveMaximum: float32Overflow },
  float64: { type: 'number', minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE },
  int64: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  bool: { type: 'boolean' },
  string: { type: 'string' },
};

export function toRowSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { features } = manifest;
  const rows = arrayOf(anyOf(ref('Row'), ref('Record')));
  // If a feature is called `instances`, `{"instances": …}` is a record.
  const isWrapped = features.every(({ name }) => name !== 'instances');
  return {
    ...toTimeSchemas(manifest),
    Row: {
      ...tupleOf(...features.map(toValueSchema)),
      description: `A row: values in the order ${features.map(({ name }) => name).join(', ')}.`,
    },
    Record: {
      ...objectOf(Object.fromEntries(features.map((feature) => [feature.name, toValueSchema(feature)]))),
      description:
        'A row: values by feature name, in any order. Other names are refused, unless the parameter ignore lists them.',
    },
    Rows: { ...rows, description: 'One or more rows, each an array or an object.' },
    PredictRequest: anyOf(
      ref('Row'),
      ref('Record'),
      ref('Rows'),
      ...(isWrapped ? [objectOf({ instances: ref('Rows') })] : []),
    ),
  };
}

function toValueSchema(feature: Feature): Schema {
  const { unit } = feature;
  const description = [
    isText(feature) && 'free text',
    unit && `in ${unit}`,
    describeTraining(feature),
    describeMissing(feature),
  ]
    .filter(Boolean)
    .join(', ');
  return { ...toBareSchema(feature), ...(description && { description }) };
}

/** Describes what the keywords of a schema cannot say: the known categories, or the range of the training data. */
function describeTraining(feature: Feature): string {
  const { dtype, categories, baseline } = feature;
  if (categories)
    return categories.unknown === 'accepted' ? `the model knows ${listValues(categories)} and accepts others` : '';
  if (dtype === 'bool' || dtype === 'string' || !baseline) return '';
  const toText = (end: number) => (feature.dtype === 'timestamp' ? formatTime(end, feature.timezone) : String(end));
  return `trained on ${toText(baseline.min)} to ${toText(baseline.max)}`;
}

function describeMissing({ dtype, nullable }: Feature): string {
  if (!nullable) return '';
  const isText = dtype === 'string' || dtype === 'timestamp';
  return isText ? 'null or an empty string if missing' : 'null if missing';
}

export function toBareSchema(feature: Feature): Schema {
  if (feature.dtype === 'timestamp') return toTimeSchema(feature);
  const { dtype, nullable, categories } = feature;
  const { type } = valueSchemas[dtype];
  return {
    ...(categories?.unknown === 'rejected' ? { type, enum: toEnum(feature) } : valueSchemas[dtype]),
    ...(nullable && { type: [type, 'null'] }),
    ...(isText(feature) && { contentMediaType: 'text/plain' }),
  };
}

/** All accepted values: the categories, and what stands for a missing value. */
function toEnum({ dtype, nullable, categories }: Feature): readonly unknown[] {
  const values = categories?.values ?? [];
  const known = dtype === 'bool' ? values.map(Boolean) : values;
  const missing = nullable ? [...(dtype === 'string' ? [''] : []), null] : [];
  return [...new Set<unknown>([...known, ...missing])];
}

/** The schemas of the label if there is one target, of a row's prediction, and of the whole answer. */
export function toPredictionSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { name, version } = manifest;
  const model = objectOf({ name: { const: name }, version: { const: version } });
  const response = objectOf({ model, predictions: arrayOf(ref('Prediction')) });
  const outputs = outputsOf(manifest);
  const [labels] = outputs.filter(({ field }) => field === 'label').flatMap(({ columns }) => columns);
  return {
    ...(labels && { Label: toLabelSchema(labels.classes) }),
    Prediction: objectOf(toPredictionMembers(manifest)),
    PredictResponse: { ...response, description: 'One prediction for each row, in the order of the rows.' },
  };
}

/** The schema of each field of a prediction. */
export function toPredictionMembers(manifest: Manifest): Readonly<Record<string, Schema>> {
  return Object.fromEntries(outputsOf(manifest).map((output) => [output.field, toFieldSchema(output, manifest)]));
}

function toLabelSchema(classes: readonly Class[]): Schema {
  return { type: valueSchemas[toClassType(classes)].type, enum: classes };
}

/** The schema of a field: a value, or values by target, by class, or both. */
function toFieldSchema(output: Output, manifest: Manifest): Schema {
  const { columns } = output;
  if (columns[0]?.path.length === 0) return toColumnSchema(output, columns[0], manifest);
  const toMembers = (some: readonly AnswerColumn[]) =>
    objectOf(Object.fromEntries(some.map((column) => [column.path.at(-1), toColumnSchema(output, column, manifest)])));
  if (columns[0]?.path.length === 1) return toMembers(columns);
  const byTarget = rangesByTarget(output).map(([from, to]) => [
    columns[from]?.path[0],
    toMembers(columns.slice(from, to)),
  ]);
  return objectOf(Object.fromEntries(byTarget));
}

/** The schema of one value of a prediction. */
export function toColumnSchema({ field }: Output, { classes, target }: AnswerColumn, manifest: Manifest): Schema {
  switch (field) {
    case 'label':
      return ref('Label');
    case 'labels':
      return toLabelSchema(classes);
    case 'probabilities':
      return probability;
    case 'distances':
      return { type: 'number', minimum: 0 };
    case 'score':
      return { type: 'number', description: 'The decision function: a row is an outlier if this is below 0.' };
    case 'scores':
      return { type: 'number' };
    case 'value':
    case 'values':
      return { type: 'number', ...toDescription(targetsOf(manifest)[target]) };
  }
}

function toDescription(target: Target | undefined): Schema {
  if (!target) return {};
  const { name, unit, baseline } = target;
  const range = baseline ? `, trained on ${baseline.min} to ${baseline.max}` : '';
  return { description: `${name}${unit ? ` in ${unit}` : ''}${range}` };
}

export const probability: Schema = { type: 'number', minimum: 0, maximum: 1 };
