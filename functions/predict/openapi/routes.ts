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
  /**
   * Further media types of the answer, for which a request asks in its body. The first of each protocol's `mediaTypes`
   * needs no mention here.
   */
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
      summary: 'Predict, and explain how much each feature adds to the prediction',
      parameters: [...explainParameters, ignore, probe],
      body: { schema: ref('PredictRequest'), examples: toPredictExamples(manifest) },
      answer: ref('ExplainResponse'),
    },
    'GET /model': {
      tag,
      summary: 'Describe the model: its features, outputs and metrics',
      answer: ref('Model'),
      isStatic: true,
    },
    'GET /health': {
      tag,
      summary: 'Check whether the service is ready',
      answer: objectOf({ status: { const: 'ok' } }),
    },
    'GET /openapi.json': { tag, summary: 'Get this document', answer: { type: 'object' }, isStatic: true },
    'GET /docs': { tag, summary: 'Show this document as a page', mediaType: 'text/html', answer: text, isStatic: true },
    'GET /': { tag, summary: 'Show a page to try the model', mediaType: 'text/html', answer: text, isStatic: true },
  };
}

function describeMlflow(manifest: Manifest): Readonly<Record<string, RouteDescription>> {
  const tag = 'MLflow and SageMaker';
  return {
    'POST /invocations': {
      tag,
      summary: "Predict in the formats of MLflow's scoring server",
      body: { schema: ref('MlflowRequest'), examples: toMlflowExamples(manifest) },
      answer: ref('MlflowResponse'),
    },
    'GET /ping': { tag, summary: 'Check whether the service is ready', answer: objectOf({}) },
    'GET /version': {
      tag,
      summary: 'Get the version of the model',
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
    'GET /v2': { tag, summary: 'Describe the server', answer: server },
    'GET /v2/health/live': { tag, summary: 'Check whether the server is running', answer: objectOf({ live: ready }) },
    'GET /v2/health/ready': { tag, summary: 'Check whether the server is ready', answer: objectOf({ ready }) },
    'GET /v2/models/{model}': {
      tag,
      summary: 'Describe the inputs and outputs of the model',
      answer: ref('InferModel'),
    },
    'GET /v2/models/{model}/ready': {
      tag,
      summary: 'Check whether the model is ready',
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
    'Unknown columns to ignore, separated by commas or in several parameters; * ignores all. Others are refused',
  schema: { type: 'string' },
};

const probe: Parameter = {
  name: 'sepal-probe',
  in: 'header',
  required: false,
  description:
    '1 for rows that are not real cases, such as rows made to draw a chart: they are not counted, monitored or captured',
  schema: { type: 'string' },
};

const inferenceHeaderLength: Parameter = {
  name: 'inference-header-content-length',
  in: 'header',
  required: false,
  description: 'If binary tensor data follow the JSON in the body: the length of the JSON in bytes',
  schema: { type: 'integer', minimum: 0 },
};
