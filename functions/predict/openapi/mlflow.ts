import type { Feature, Manifest } from '../../core/model/manifest.ts';
import { isSingle, type Output, outputsOf, rangesByTarget } from '../../core/model/outputs.ts';
import { predictMethods } from '../protocols/mlflow.ts';
import { anyOf, arrayOf, objectOf, openObjectOf, ref, tupleOf } from './builders.ts';
import type { Schema } from './document.ts';
import { toBareSchema, toColumnSchema } from './rows.ts';

/** The schemas of MLflow's protocol (protocols/mlflow.ts). */
export function toMlflowSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { features } = manifest;
  const nullable = features.filter((feature) => feature.nullable).map(({ name }) => name);
  // A record must name at least one feature. If all may be left out, the first is required.
  const optional = nullable.length < features.length ? nullable : nullable.slice(1);
  const byFeature = (schemaOf: (feature: Feature) => Schema) =>
    openObjectOf(Object.fromEntries(features.map((feature) => [feature.name, schemaOf(feature)])), optional);
  const rows = arrayOf(anyOf(ref('MlflowRow'), ref('MlflowRecord')));
  const known = {
    predict_method: { enum: predictMethods(manifest) },
    ...(manifest.explanations && { explanations: { type: 'boolean' } }),
  };
  const params = { ...objectOf(known, Object.keys(known)), type: ['object', 'null'] };
  const layouts: Readonly<Record<string, Schema>> = {
    dataframe_split: toSplit(features, optional),
    dataframe_records: rows,
    instances: anyOf(rows, ref('MlflowRecord'), ref('MlflowColumns')),
    inputs: anyOf(rows, ref('MlflowRecord'), ref('MlflowColumns')),
  };
  const names = Object.keys(layouts);
  const requests = Object.entries(layouts).map(([name, schema]) => {
    const others = names.filter((other) => other !== name).map((other) => ({ required: [other] }));
    return { ...openObjectOf({ [name]: schema, params }, ['params']), not: { anyOf: others } };
  });
  const predictions = toMlflowAnswer(manifest);
  return {
    MlflowRow: tupleOf(...features.map(toMlflowValue)),
    MlflowRecord: {
      ...byFeature(toMlflowValue),
      description:
        'A row: values by feature name. Other names are ignored. A feature that may be missing can be left out.',
    },
    MlflowColumns: byFeature((feature) => arrayOf(toMlflowValue(feature))),
    MlflowRequest: anyOf(...requests),
    MlflowResponse: manifest.explanations
      ? objectOf({ predictions, explanations: arrayOf(ref('Explanation')) }, ['explanations'])
      : objectOf({ predictions }),
  };
}

/** The schema of a value. A boolean may also be 0 or 1, and a missing time may also be NaT, as pandas writes it. */
function toMlflowValue(feature: Feature): Schema {
  const schema = toBareSchema(feature);
  if (feature.dtype === 'timestamp' && feature.nullable) return anyOf(schema, { const: 'NaT' });
  return feature.dtype === 'bool' && !feature.categories ? anyOf(schema, { enum: [0, 1] }) : schema;
}

/**
 * The schema of `dataframe_split`. The values of a row are in the order of `columns`. A schema can check them only if
 * all features have the same schema, or if `columns` lists the features in their own order. If `columns` is null, the
 * values are in the order of the features. If rows are records, `columns` may lack the `optional` features.
 */
function toSplit(features: readonly Feature[], optional: readonly string[]): Schema {
  const names = features.map(({ name }) => name);
  const numbers = names.map((_, column) => column);
  const required = names.filter((name) => !optional.includes(name));
  const columnsOf = (needed: readonly string[]) => {
    const count = { minItems: needed.length, maxItems: names.length };
    // If all names are needed, their number is enough: the names are unique.
    const allOf = needed.length < names.length ? needed.map((name) => ({ contains: { const: name } })) : [];
    return {
      ...{ type: ['array', 'null'], items: { enum: names }, uniqueItems: true, ...count },
      ...(allOf.length > 0 && { allOf }),
    };
  };
  const splitOf = (columns: Schema, ...rows: Schema[]) =>
    objectOf({ columns, data: arrayOf(anyOf(...rows)), index: { type: ['array', 'null'] } }, ['columns', 'index']);
  const areAlike = new Set(features.map((feature) => JSON.stringify(toBareSchema(feature)))).size === 1;
  const [row, record] = [ref('MlflowRow'), ref('MlflowRecord')];
  const ordered = areAlike
    ? [splitOf(columnsOf(names), row, record), splitOf({ const: numbers }, row)]
    : [splitOf({ enum: [names, numbers, null] }, row, record)];
  return anyOf(...ordered, ...(areAlike && optional.length === 0 ? [] : [splitOf(columnsOf(required), record)]));
}

/** The schema of `predictions`: `predict` answers the first output, and `predict_proba` the probabilities. */
function toMlflowAnswer(manifest: Manifest): Schema {
  const outputs = outputsOf(manifest);
  const asked = outputs.filter(({ field }, index) => index === 0 || field === 'probabilities');
  return anyOf(...asked.map((output) => toArraySchema(output, manifest)));
}

/**
 * An array with as many items as there are schemas. Each item matches one of the schemas. The order is not checked:
 * that needs prefixItems, which schemathesis supports in requests but reports as an error in responses.
 */
function fixedArrayOf(schemas: readonly Schema[]): Schema {
  return { ...arrayOf(anyOf(...schemas), schemas.length), maxItems: schemas.length };
}

function toArraySchema(output: Output, manifest: Manifest): Schema {
  const { columns } = output;
  const schemas = columns.map((column) => toColumnSchema(output, column, manifest));
  const toRows = (from: number, to: number) => {
    const names = columns.slice(from, to).map(({ path }) => path.at(-1));
    const owner = output.field === 'probabilities' ? 'class' : 'target';
    const description = `One value for each ${owner}: ${names.join(', ')}.`;
    return arrayOf({ ...fixedArrayOf(schemas.slice(from, to)), description });
  };
  if (isSingle(output)) return arrayOf(schemas[0] ?? {});
  if (columns[0]?.path.length === 1) return toRows(0, columns.length);
  return fixedArrayOf(rangesByTarget(output).map(([from, to]) => toRows(from, to)));
}
