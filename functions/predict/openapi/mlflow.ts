import { toNames } from '../model/classes.ts';
import type { Feature, Manifest } from '../model/manifest.ts';
import { anyOf, arrayOf, objectOf, openObjectOf, ref } from './builders.ts';
import type { Schema } from './document.ts';
import { probability, toBareSchema } from './rows.ts';

/** Of protocols/mlflow.ts. */
export function toMlflowSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { features, task } = manifest;
  const byColumn = Object.fromEntries(features.map((feature) => [feature.name, arrayOf(toBareSchema(feature))]));
  const methods = task === 'classification' ? ['predict', 'predict_proba'] : ['predict'];
  const params = { ...objectOf({ predict_method: { enum: methods } }, ['predict_method']), type: ['object', 'null'] };
  const layouts: Readonly<Record<string, Schema>> = {
    dataframe_split: toSplit(features),
    dataframe_records: ref('Rows'),
    instances: ref('Rows'),
    inputs: anyOf(ref('Rows'), objectOf(byColumn)),
  };
  const requests = Object.entries(layouts).map(([name, schema]) => objectOf({ [name]: schema, params }, ['params']));
  return { MlflowRequest: anyOf(...requests), MlflowResponse: objectOf({ predictions: toMlflowAnswer(manifest) }) };
}

/** Values stand in the order of `columns`, which a schema can follow where all are alike, or the order is the features'. */
function toSplit(features: readonly Feature[]): Schema {
  const names = features.map(({ name }) => name);
  const count = { minItems: names.length, maxItems: names.length };
  const anyOrder = { type: 'array', items: { enum: names }, uniqueItems: true, ...count };
  const splitOf = (columns: Schema, ...rows: Schema[]) =>
    openObjectOf({ columns, data: arrayOf(anyOf(...rows)) }, ['columns']);
  const areAlike = new Set(features.map((feature) => JSON.stringify(toBareSchema(feature)))).size === 1;
  if (areAlike) return splitOf(anyOrder, ref('Row'), ref('Record'));
  return anyOf(splitOf({ const: names }, ref('Row'), ref('Record')), splitOf(anyOrder, ref('Record')));
}

function toMlflowAnswer(manifest: Manifest): Schema {
  if (manifest.task === 'regression') return arrayOf({ type: 'number' });
  const { length } = manifest.classes;
  const byClass = `By class: ${toNames(manifest.classes).join(', ')}.`;
  const probabilities = { ...arrayOf(probability, length), maxItems: length, description: byClass };
  return anyOf(arrayOf(ref('Label')), arrayOf(probabilities));
}
