import type { Manifest } from '../model/manifest.ts';
import { anyOf, arrayOf, objectOf, openObjectOf, ref } from './builders.ts';
import type { Schema } from './document.ts';
import { probability, toBareSchema } from './rows.ts';

/** Of protocols/mlflow.ts. */
export function toMlflowSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { features, task } = manifest;
  const count = features.length;
  const columns = { type: 'array', items: { enum: features.map(({ name }) => name) }, uniqueItems: true };
  // In the order of `columns`, which a schema cannot follow.
  const values = { ...arrayOf(anyOf(...features.map(toBareSchema)), count), maxItems: count };
  const split = openObjectOf(
    {
      columns: { ...columns, minItems: count, maxItems: count },
      data: arrayOf(anyOf(values, ref('Record'))),
    },
    ['columns'],
  );
  const byColumn = Object.fromEntries(features.map((feature) => [feature.name, arrayOf(toBareSchema(feature))]));
  const methods = task === 'classification' ? ['predict', 'predict_proba'] : ['predict'];
  const params = { ...objectOf({ predict_method: { enum: methods } }, ['predict_method']), type: ['object', 'null'] };
  const layouts: Readonly<Record<string, Schema>> = {
    dataframe_split: split,
    dataframe_records: ref('Rows'),
    instances: ref('Rows'),
    inputs: anyOf(ref('Rows'), objectOf(byColumn)),
  };
  const requests = Object.entries(layouts).map(([name, schema]) => objectOf({ [name]: schema, params }, ['params']));
  return { MlflowRequest: anyOf(...requests), MlflowResponse: objectOf({ predictions: toMlflowAnswer(manifest) }) };
}

function toMlflowAnswer(manifest: Manifest): Schema {
  if (manifest.task === 'regression') return arrayOf({ type: 'number' });
  const { length } = manifest.classes;
  const byClass = `By class: ${manifest.classes.join(', ')}.`;
  const probabilities = { ...arrayOf(probability, length), maxItems: length, description: byClass };
  return anyOf(arrayOf(ref('Label')), arrayOf(probabilities));
}
