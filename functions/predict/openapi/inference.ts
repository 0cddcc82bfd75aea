import type { Feature, Manifest } from '../../core/model/manifest.ts';
import { datatypes } from '../protocols/open-inference/datatype.ts';
import { explanationTensors } from '../protocols/open-inference/explanation-tensors.ts';
import { contentTypes } from '../protocols/open-inference/parameters.ts';
import { tensorsByName } from '../protocols/open-inference/served-tensors.ts';
import { anyOf, arrayOf, objectOf, openObjectOf, ref, tupleOf } from './builders.ts';
import type { Schema } from './document.ts';

const name: Schema = { type: 'string' };
const datatype: Schema = { enum: datatypes };
const size: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/**
 * The schema of `parameters` at one level of a request. Some clients write null for a parameter that they do not set.
 * `binary_data_size` is not listed, because a body with binary data is not JSON.
 */
const parametersOf = (level: keyof typeof contentTypes, others: Readonly<Record<string, Schema>> = {}): Schema => {
  const properties = { content_type: { enum: [...contentTypes[level], null] }, ...others };
  return { ...objectOf(properties, Object.keys(properties)), type: ['object', 'null'] };
};
const flag: Schema = { type: ['boolean', 'null'] };
const requestParameters = ({ explanations }: Manifest) =>
  parametersOf('request', {
    binary_data_output: flag,
    ...(explanations && { explanations: flag }),
    headers: {},
    priority: {},
    timeout: {},
  });
const outputParameters = parametersOf('output', { binary_data: flag });

/** The schemas of the Open Inference Protocol (protocols/open-inference/). */
export function toInferenceSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { name: model, version, features } = manifest;
  const names = features.map((feature) => feature.name);
  const asked = [...tensorsByName(manifest).keys()];
  const outputs = arrayOf(openObjectOf({ name: { enum: asked }, parameters: outputParameters }, ['parameters']), 0);
  const request = {
    id: { type: ['string', 'null'] },
    parameters: requestParameters(manifest),
    inputs: anyOf(...(canShare(features) ? [tupleOf(ref('InferMatrix'))] : []), {
      ...arrayOf(ref('InferColumn'), names.length),
      maxItems: names.length,
    }),
    outputs: { ...outputs, type: ['array', 'null'], description: 'Which outputs to answer. If absent, all of them.' },
  };
  const output = {
    name: { enum: [...asked, ...(manifest.explanations ? explanationTensors : [])] },
    datatype,
    shape: arrayOf(size),
    data: { type: 'array' },
    parameters: { type: 'object' },
  };
  const response = { model_name: { const: model }, model_version: { const: version }, id: name };
  const metadata = arrayOf(objectOf({ name, datatype, shape: arrayOf({ type: 'integer', minimum: -1 }) }));
  return {
    ...(canShare(features) && { InferMatrix: toInferInput(name, names.length) }),
    InferColumn: toInferInput({ enum: names }, 1),
    InferRequest: openObjectOf(request, ['id', 'parameters', 'outputs']),
    InferOutput: objectOf(output, ['data', 'parameters']),
    InferResponse: objectOf({ ...response, outputs: arrayOf(ref('InferOutput')) }, ['id']),
    InferModel: objectOf({
      name: { const: model },
      versions: arrayOf({ const: version }),
      platform: name,
      inputs: metadata,
      outputs: metadata,
    }),
  };
}

/**
 * Whether one tensor can hold all features. No datatype holds both strings and numbers, and times are sent as strings.
 */
function canShare(features: readonly Feature[]): boolean {
  return new Set(features.map(({ dtype }) => dtype === 'string' || dtype === 'timestamp')).size === 1;
}

/**
 * The schema of an input tensor whose rows have `width` values. A shape of one dimension is [rows] if a row has one
 * value. Otherwise it is [width], a single row.
 */
function toInferInput(names: Schema, width: number): Schema {
  const rows = { ...size, minimum: 1 };
  const shape = anyOf(tupleOf(rows, { const: width }), tupleOf(width === 1 ? rows : { const: width }));
  const tensor = { name: names, datatype, shape, data: { type: ['array', 'null'] }, parameters: parametersOf('input') };
  return {
    ...openObjectOf(tensor, ['data', 'parameters']),
    description:
      'data: row by row, flat or nested like the shape. Missing values: null; in binary data, NaN or an empty string.',
  };
}
