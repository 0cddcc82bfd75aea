import { toNames } from '../model/classes.ts';
import type { Feature, Manifest } from '../model/manifest.ts';
import { anyOf, arrayOf, objectOf, openObjectOf, ref, tupleOf } from './builders.ts';
import type { Schema } from './document.ts';
import { probability, toBareSchema } from './rows.ts';

/** Of protocols/mlflow.ts. */
export function toMlflowSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { features, task } = manifest;
  const nullable = features.filter((feature) => feature.nullable).map(({ name }) => name);
  // Where all may be left out, one must be there.
  const optional = nullable.length < features.length ? nullable : nullable.slice(1);
  const byFeature = (schemaOf: (feature: Feature) => Schema) =>
    openObjectOf(Object.fromEntries(features.map((feature) => [feature.name, schemaOf(feature)])), optional);
  const rows = arrayOf(anyOf(ref('MlflowRow'), ref('MlflowRecord')));
  const methods = task === 'classification' ? ['predict', 'predict_proba'] : ['predict'];
  const params = { ...objectOf({ predict_method: { enum: methods } }, ['predict_method']), type: ['object', 'null'] };
  const layouts: Readonly<Record<string, Schema>> = {
    dataframe_split: toSplit(features),
    dataframe_records: rows,
    instances: anyOf(rows, ref('MlflowRecord'), ref('MlflowColumns')),
    inputs: anyOf(rows, ref('MlflowRecord'), ref('MlflowColumns')),
  };
  const names = Object.keys(layouts);
  const requests = Object.entries(layouts).map(([name, schema]) => {
    const others = names.filter((other) => other !== name).map((other) => ({ required: [other] }));
    return { ...openObjectOf({ [name]: schema, params }, ['params']), not: { anyOf: others } };
  });
  return {
    MlflowRow: tupleOf(...features.map(toMlflowValue)),
    MlflowRecord: {
      ...byFeature(toMlflowValue),
      description: 'By the name of the feature. Others are left out, and what may be missing may lack.',
    },
    MlflowColumns: byFeature((feature) => arrayOf(toMlflowValue(feature))),
    MlflowRequest: anyOf(...requests),
    MlflowResponse: objectOf({ predictions: toMlflowAnswer(manifest) }),
  };
}

/** A flag may be a number. */
function toMlflowValue(feature: Feature): Schema {
  const schema = toBareSchema(feature);
  return feature.dtype === 'bool' && !feature.categories ? anyOf(schema, { enum: [0, 1] }) : schema;
}

/** Values stand in the order of `columns`, which a schema can follow where all are alike, or the order is the features'. */
function toSplit(features: readonly Feature[]): Schema {
  const names = features.map(({ name }) => name);
  const count = { minItems: names.length, maxItems: names.length };
  const anyOrder = { type: 'array', items: { enum: names }, uniqueItems: true, ...count };
  const splitOf = (columns: Schema, ...rows: Schema[]) =>
    objectOf({ columns, data: arrayOf(anyOf(...rows)), index: { type: ['array', 'null'] } }, ['columns', 'index']);
  const numbered = { const: names.map((_, column) => column) };
  const areAlike = new Set(features.map((feature) => JSON.stringify(toBareSchema(feature)))).size === 1;
  const [row, record] = [ref('MlflowRow'), ref('MlflowRecord')];
  if (areAlike) return anyOf(splitOf(anyOrder, row, record), splitOf(numbered, row));
  return anyOf(splitOf(anyOf({ const: names }, numbered), row, record), splitOf(anyOrder, record));
}

function toMlflowAnswer(manifest: Manifest): Schema {
  if (manifest.task === 'regression') return arrayOf({ type: 'number' });
  const { length } = manifest.classes;
  const byClass = `By class: ${toNames(manifest.classes).join(', ')}.`;
  const probabilities = { ...arrayOf(probability, length), maxItems: length, description: byClass };
  return anyOf(arrayOf(ref('Label')), arrayOf(probabilities));
}
