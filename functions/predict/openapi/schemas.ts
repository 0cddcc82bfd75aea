import type { Manifest } from '../../core/model/manifest.ts';
import { outputsOf } from '../../core/model/outputs.ts';
import { arrayOf, objectOf, openObjectOf, ref } from './builders.ts';
import type { Schema } from './document.ts';
import { toExplanationSchemas } from './explanations.ts';
import { toInferenceSchemas } from './inference.ts';
import { toMlflowSchemas } from './mlflow.ts';
import { toPredictionSchemas, toRowSchemas, valueSchemas } from './rows.ts';

/** All schemas that routes refer to by name. */
export function toSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  return {
    ...toRowSchemas(manifest),
    ...toPredictionSchemas(manifest),
    ...toExplanationSchemas(manifest),
    ...toMlflowSchemas(manifest),
    ...toInferenceSchemas(manifest),
    Model: toModelSchema(manifest),
    ...errorSchemas,
  };
}

/** A short form of models/model.schema.json. */
function toModelSchema(manifest: Manifest): Schema {
  const { name, version, task } = manifest;
  const feature = {
    name: { type: 'string' },
    dtype: { enum: [...Object.keys(valueSchemas), 'timestamp'] },
    timezone: {
      enum: ['UTC', null],
      description: 'Only of timestamps: UTC if they have an offset from UTC, null if they are local times.',
    },
    unit: { type: ['string', 'null'] },
    nullable: { type: 'boolean' },
    categories: {
      ...objectOf({
        values: arrayOf({ type: ['string', 'number'] }),
        frequencies: arrayOf(share),
        unknown: { enum: ['accepted', 'rejected'] },
      }),
      type: ['object', 'null'],
    },
    baseline: { ...openObjectOf({ missing: share }), type: ['object', 'null'] },
    analyzers: {
      ...arrayOf({ type: 'object' }),
      description:
        'Only of free text: the options of each scikit-learn vectorizer that reads it. stop_words: how many it omits.',
    },
  };
  const properties = {
    name: { const: name },
    version: { const: version },
    task: { const: task },
    description: { type: 'string' },
    features: arrayOf(objectOf(feature, ['analyzers', 'timezone'])),
    ...('target' in manifest && { target }),
    ...('targets' in manifest && { targets: arrayOf(target) }),
    ...('classes' in manifest && { classes: arrayOf(ref('Label')) }),
    metrics: { type: 'object' },
    parity: toParitySchema(manifest),
    ...(manifest.explanations && { explanations: explanationsSchema }),
    examples: arrayOf(objectOf({ instances: ref('Rows'), predictions: arrayOf(ref('Prediction')) })),
  };
  return openObjectOf(properties);
}

const target = openObjectOf({ name: { type: 'string' }, unit: { type: ['string', 'null'] } });

function toParitySchema(manifest: Manifest): Schema {
  if (!manifest.parity) return { type: 'null', description: 'The model was not compared with an original.' };
  const hasLabels = outputsOf(manifest).some(({ kind }) => kind === 'labels');
  const properties = {
    rows: count,
    points: { type: 'object', additionalProperties: count, description: 'How many rows of each kind were compared.' },
    label_agreement: hasLabels ? share : { type: 'null' },
    mismatches: { ...count, description: 'How many rows differ. It is 0 unless the export allowed differences.' },
    scale: number,
    largest_error: number,
    tolerance: number,
    thresholds: {
      ...objectOf({ tried: count, total: count }),
      description: 'How many thresholds the model has (total), and for how many of them rows were made (tried).',
    },
    undecided: { ...count, description: 'How many rows were left out, because the original answers them by chance.' },
  };
  return {
    ...objectOf(properties, ['thresholds', 'undecided']),
    description: 'How the export was compared with the original.',
  };
}

const number: Schema = { type: 'number', minimum: 0 };
const count: Schema = { type: 'integer', minimum: 0 };
const share: Schema = { type: 'number', minimum: 0, maximum: 1 };

const explanationsSchema: Schema = {
  ...openObjectOf({
    rows: { ...count, description: 'How many rows the background has: they stand for the training data.' },
    origin: {
      enum: ['made', 'training'],
      description: 'Whether the rows of the background were made, or are rows of the training data.',
    },
    budget: {
      ...count,
      description: 'About how many rows the model may answer to explain one row, unless the request says otherwise.',
    },
    importance: {
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: number },
      description: 'For each number of the answer and each feature, the mean absolute contribution.',
    },
  }),
  description: 'How answers are explained.',
};

const errorSchemas: Readonly<Record<string, Schema>> = {
  Problem: {
    ...objectOf(
      {
        type: { type: 'string', format: 'uri' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string' },
        instance: { type: 'string', description: 'The id of the request.' },
        errors: arrayOf(
          objectOf({
            pointer: { type: 'string', description: 'The place in the body, as a JSON pointer.' },
            detail: { type: 'string' },
          }),
        ),
      },
      ['errors'],
    ),
    description: 'An error (RFC 9457).',
  },
  MlflowError: objectOf({ error_code: { type: 'string' }, message: { type: 'string' } }),
  InferError: objectOf({ error: { type: 'string' } }),
};
