import type { Manifest } from '../../core/model/manifest.ts';
import { objectOf, ref } from './builders.ts';
import type { Examples, Parameter, Schema } from './document.ts';
import { toInferExamples, toMlflowExamples, toPredictExamples } from './examples.ts';
import { explainParameters } from './explanations.ts';

/** The part of a route's documentation that does not follow from the route table. */
export interface RouteDescription {
  readonly tag: string;
  readonly summary: string;
  /** The media type of a document; JSON if left out. */
  readonly mediaType?: string;
  /** The schema of the successful answer, as JSON or as `mediaType`. */
  readonly answer: Schema;
  /** Media types of the answer beside the first of each protocol. The request's body asks for them. */
  readonly alsoAnswers?: readonly string[];
  /** Headers, and parameters in the query. */
  readonly parameters?: readonly Parameter[];
  /** The request's body as JSON. */
  readonly body?: { readonly schema: Schema; readonly examples: Examples };
  /** Whether a client can check its copy with If-None-Match. */
  readonly isStatic?: boolean;
}

/** The descriptions by method and path. A path with a version has the description of the path without one. */
export function describeRoutes(manifest: Manifest): Readonly<Record<string, RouteDescription>> {
  return { ...describeSepal(manifest), ...describeMlflow(manifest), ...describeInference(manifest) };
}

function describeSepal(manifest: Manifest): Readonly<Record<string, RouteDescription>> {
  const tag = 'Sepal';
  const text = { type: 'string' };
  return {
    'POST /predict': {
      tag,
      summary: 'Predict one row or many',
      parameters: [ignore, probe],
      body: { schema: ref('PredictRequest'), examples: toPredictExamples(manifest) },
      answer: ref('PredictResponse'),
    },
    'POST /explain': {
      tag,
      summary: 'Explain predictions: what each feature adds',
      parameters: [...explainParameters, ignore, probe],
      body: { schema: ref('PredictRequest'), examples: toPredictExamples(manifest) },
      answer: ref('ExplainResponse'),
    },
    'GET /model': { tag, summary: 'What the model is', answer: ref('Model'), isStatic: true },
    'GET /health': { tag, summary: 'Whether it serves', answer: objectOf({ status: { const: 'ok' } }) },
    'GET /openapi.json': { tag, summary: 'This document', answer: { type: 'object' }, isStatic: true },
    'GET /docs': { tag, summary: 'This document, to read', mediaType: 'text/html', answer: text, isStatic: true },
    'GET /': { tag, summary: 'A page to try the model', mediaType: 'text/html', answer: text, isStatic: true },
  };
}

function describeMlflow(manifest: Manifest): Readonly<Record<string, RouteDescription>> {
  const tag = 'MLflow and SageMaker';
  return {
    'POST /invocations': {
      tag,
      summary: "Predict as MLflow's scoring server does",
      body: { schema: ref('MlflowRequest'), examples: toMlflowExamples(manifest) },
      answer: ref('MlflowResponse'),
    },
    'GET /ping': { tag, summary: 'Whether it serves', answer: objectOf({}) },
    'GET /version': {
      tag,
      summary: 'The version of the model',
      mediaType: 'text/plain',
      answer: { type: 'string', const: manifest.version },
    },
  };
}

function describeInference(manifest: Manifest): Readonly<Record<string, RouteDescription>> {
  const tag = 'Open Inference Protocol';
  const text = { type: 'string' };
  const server = objectOf({ name: text, version: text, extensions: { type: 'array', items: text } });
  const ready = { const: true };
  return {
    'GET /v2': { tag, summary: 'What the server is', answer: server },
    'GET /v2/health/live': { tag, summary: 'Whether it runs', answer: objectOf({ live: ready }) },
    'GET /v2/health/ready': { tag, summary: 'Whether it serves', answer: objectOf({ ready }) },
    'GET /v2/models/{model}': { tag, summary: 'The inputs and outputs of the model', answer: ref('InferModel') },
    'GET /v2/models/{model}/ready': {
      tag,
      summary: 'Whether the model serves',
      answer: objectOf({ name: { const: manifest.name }, ready }),
    },
    'POST /v2/models/{model}/infer': {
      tag,
      summary: 'Predict from tensors',
      body: { schema: ref('InferRequest'), examples: toInferExamples(manifest) },
      answer: ref('InferResponse'),
      alsoAnswers: ['application/octet-stream'],
      parameters: [inferenceHeaderLength],
    },
  };
}

const ignore: Parameter = {
  name: 'ignore',
  in: 'query',
  required: false,
  description:
    'Columns to leave out that the model does not know, joined by commas or each by itself; * for all of them',
  schema: { type: 'string' },
};

const probe: Parameter = {
  name: 'sepal-probe',
  in: 'header',
  required: false,
  description: '1 for rows that only show how the model answers: they are left out of what is monitored and captured',
  schema: { type: 'string' },
};

const inferenceHeaderLength: Parameter = {
  name: 'inference-header-content-length',
  in: 'header',
  required: false,
  description: 'Bytes of the JSON that binary data follow (the binary tensor data extension)',
  schema: { type: 'integer', minimum: 0 },
};
