import { type ProblemName, RequestError } from '../../core/errors.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import { fromRecords } from '../../core/model/records.ts';
import { parseMediaType } from '../http/media-type.ts';
import type { EncodeError, Protocol } from '../protocols/protocol.ts';
import { ref } from './builders.ts';
import type { Content, Examples, OpenApiDocument, Operation, Parameter, PathItem, Response } from './document.ts';
import { toCsvExamples } from './examples.ts';
import { describeRoutes, type RouteDescription } from './routes.ts';
import { toSchemas } from './schemas.ts';

/**
 * What the document needs to know about a route. The route table is an argument and not imported, because it imports
 * this file.
 */
export interface RouteLike {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for a segment that varies. */
  readonly path: string;
  readonly encodeError: EncodeError;
  /** Only for a route that predicts. */
  readonly protocols?: readonly Protocol[];
  /** A part of the manifest that the route needs. If the manifest lacks it, the document leaves the route out. */
  readonly needs?: 'explanations';
  /** Whether the route serves a part of a page. The document leaves it out. */
  readonly isPageFile?: boolean;
}

/**
 * Creates the OpenAPI 3.1 document from the manifest and the route table. The protocols of a route say which media
 * types it reads and answers, and they write the examples of answers and errors. A route that openapi/routes.ts does
 * not describe is documented by its protocols alone.
 */
export function toOpenApi(manifest: Manifest, routes: readonly RouteLike[]): OpenApiDocument {
  const { name, version, description } = manifest;
  return {
    openapi: '3.1.0',
    info: { title: name, version, description: [description, ...describeParity(manifest)].join(' ') },
    // Relative to this document, so that it is right behind a stage too. It has no slash at the end: clients append a
    // path to it as the specification says, and that would give two slashes.
    servers: [{ url: '.', description: 'The service that this document comes from' }],
    paths: toPaths(manifest, routes),
    components: {
      schemas: toSchemas(manifest),
      headers: {
        'x-request-id': { description: 'The id of the request. The log has it too.', schema: { type: 'string' } },
      },
    },
  };
}

/** Says so if the model was not compared with an original. */
function describeParity({ parity }: Manifest): readonly string[] {
  return parity ? [] : ['Its answers were not compared with those of an original.'];
}

function toPaths(manifest: Manifest, routes: readonly RouteLike[]): OpenApiDocument['paths'] {
  const descriptions = describeRoutes(manifest);
  const paths: Record<string, PathItem> = {};
  for (const route of routes.filter(({ isPageFile, needs }) => !isPageFile && !(needs && !manifest[needs]))) {
    const { method, path } = route;
    const description = descriptions[`${method} ${path.replace('/versions/{version}', '')}`];
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(route, manifest, description) };
  }
  return paths;
}

function toOperation(route: RouteLike, manifest: Manifest, description: RouteDescription | undefined): Operation {
  const parameters = toParameters(route, manifest, description);
  const content = toRequestContent(route, manifest, description);
  return {
    operationId: toOperationId(route),
    summary: description?.summary ?? `${route.method} ${route.path}`,
    ...(description && { tags: [description.tag] }),
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      200: toSuccess(route, manifest, description),
      ...(description?.isStatic && { 304: toResponse("The client's copy is current", { etag }) }),
      ...toErrors(route, manifest),
    },
  };
}

/** `POST /v2/models/{model}/infer` is `postV2ModelsModelInfer`. */
function toOperationId({ method, path }: RouteLike): string {
  const words = path.match(/\w+/g) ?? ['root'];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function toParameters({ path }: RouteLike, manifest: Manifest, description?: RouteDescription): readonly Parameter[] {
  const known: Readonly<Record<string, string>> = { model: manifest.name, version: manifest.version };
  const inPath = parameterNames(path).map((name): Parameter => {
    const value = known[name];
    const schema = { type: 'string', ...(value !== undefined && { enum: [value] }) };
    const example = value !== undefined && { example: value };
    return { name, in: 'path', required: true, description: pathParameters[name] ?? `The ${name}`, schema, ...example };
  });
  return [...inPath, ...(description?.parameters ?? []), ...(description?.isStatic ? [ifNoneMatch] : [])];
}

const pathParameters: Readonly<Record<string, string>> = {
  model: 'The name of the model',
  version: 'The version of the model',
};

const ifNoneMatch: Parameter = {
  name: 'if-none-match',
  in: 'header',
  required: false,
  description: "The etag of the client's copy",
  schema: { type: 'string' },
};

function parameterNames(path: string): readonly string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
}

const csvType = 'text/csv';
const jsonType = 'application/json';

const csvSchema = {
  type: 'string',
  description: [
    'CSV (RFC 4180).',
    'The content type can say whether there is a header: text/csv; header=present or text/csv; header=absent.',
    'If it does not, the first record decides.',
    'A missing value is an empty field, NA, NaN, null, or another word that pandas reads as missing.',
  ].join(' '),
};

/** The body by each media type that a protocol of the route reads. */
function toRequestContent({ protocols }: RouteLike, manifest: Manifest, description?: RouteDescription) {
  if (!protocols) return undefined;
  const contents: Content = {
    [csvType]: { schema: csvSchema, examples: toCsvExamples(manifest) },
    ...(description?.body && { [jsonType]: description.body }),
  };
  const mediaTypes = protocols.flatMap((protocol) => protocol.mediaTypes);
  return Object.fromEntries(mediaTypes.map((type) => [type, contents[type] ?? { schema: {} }]));
}

function toSuccess(route: RouteLike, manifest: Manifest, description?: RouteDescription): Response {
  if (route.protocols)
    return toResponse(
      'One prediction for each row, in the order of the rows',
      { 'server-timing': serverTiming },
      toAnswers(route, manifest, description),
    );
  const content = description && { [description.mediaType ?? jsonType]: { schema: description.answer } };
  return toResponse('The answer', description?.isStatic ? { etag } : {}, content);
}

/** What each protocol answers to the model's first example. */
function toAnswers({ protocols = [], needs }: RouteLike, manifest: Manifest, description?: RouteDescription): Content {
  const predictions = fromRecords(manifest.examples[0]?.predictions ?? [], manifest);
  const answers = protocols.map((protocol) => {
    const [type] = protocol.mediaTypes;
    const schema = type === jsonType ? (description?.answer ?? {}) : { type: 'string' };
    // model.json has no explanations of its examples.
    return [type, { schema, examples: needs ? {} : toAnswerExample(protocol, predictions, manifest) }];
  });
  const others = description?.alsoAnswers?.map((type) => [type, { schema: {} }]) ?? [];
  return Object.fromEntries([...answers, ...others]);
}

/**
 * Writes an example answer. There is none if the protocol refuses to answer by default: CSV with a header does so if a
 * class has the name of another column.
 */
function toAnswerExample(
  { mediaTypes: [type], encode }: Protocol,
  predictions: Predictions,
  manifest: Manifest,
): Examples {
  try {
    return toExample(type, encode(predictions, manifest, undefined).body);
  } catch (error) {
    if (error instanceof RequestError) return {};
    throw error;
  }
}

function toExample(mediaType: string, body: string | Uint8Array): Examples {
  if (typeof body !== 'string') return {};
  return { example: { value: mediaType.endsWith('json') ? JSON.parse(body) : body } };
}

const etag = { description: 'Identifies this version of the document.', schema: { type: 'string' } };
const serverTiming = {
  description:
    'How many milliseconds each stage took: to read the rows, to run the model, to explain (POST /explain only) and to write the answer.',
  schema: { type: 'string' },
};
const requestId = { $ref: '#/components/headers/x-request-id' };

function toResponse(description: string, headers: Response['headers'], content?: Content): Response {
  return { description, headers: { 'x-request-id': requestId, ...headers }, ...(content && { content }) };
}

/** The errors that routes can answer, and why. `header` is a header that the error has. */
const refusals: readonly { readonly name: ProblemName; readonly detail: string; readonly header?: string }[] = [
  { name: 'MalformedBody', detail: 'The body cannot be read' },
  { name: 'RouteNotFound', detail: 'There is no such model or version' },
  { name: 'MethodNotAllowed', detail: 'The path does not allow this method', header: 'allow' },
  { name: 'NotAcceptable', detail: 'The answer cannot have the form that the request asks for' },
  { name: 'PayloadTooLarge', detail: 'The body is too large, or the answer would be' },
  { name: 'UnsupportedMediaType', detail: 'The route does not read bodies of this media type', header: 'accept' },
  { name: 'InvalidInput', detail: 'The rows do not fit the model' },
];

/**
 * The errors of a route. Every route refuses other methods. A route with a path parameter refuses unknown names. A
 * route that predicts can refuse the body or the Accept header.
 */
function toErrors({ path, protocols, encodeError }: RouteLike, { features }: Manifest): Operation['responses'] {
  const possible = new Set<ProblemName>(['MethodNotAllowed']);
  if (parameterNames(path).length > 0) possible.add('RouteNotFound');
  if (protocols) for (const { name } of refusals) if (name !== 'RouteNotFound') possible.add(name);

  const errors = [{ pointer: '/0', detail: `missing feature ${JSON.stringify(features[0]?.name)}` }];
  const responses = refusals
    .filter(({ name }) => possible.has(name))
    .map(({ name, detail, header }): [number, Response] => {
      const error = new RequestError(name, detail, name === 'InvalidInput' ? { errors } : {});
      const headers = header
        ? { [header]: { description: 'What is accepted instead', schema: { type: 'string' } } }
        : {};
      return [error.status, toResponse(detail, headers, toErrorContent(error, encodeError))];
    });
  return Object.fromEntries(responses);
}

/** The error as the route's own encoder writes it. The schema follows from the members of that body. */
function toErrorContent(error: RequestError, encodeError: EncodeError): Content {
  const { headers, body } = encodeError(error, 'request-id');
  const { type } = parseMediaType(headers['content-type'] ?? jsonType);
  const examples = toExample(type, body);
  return { [type]: { schema: toErrorSchema(examples.example?.value), examples } };
}

function toErrorSchema(body: unknown) {
  if (typeof body !== 'object' || body === null) return {};
  if ('error_code' in body) return ref('MlflowError');
  return 'error' in body ? ref('InferError') : ref('Problem');
}
