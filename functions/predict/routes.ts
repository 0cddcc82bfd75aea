import { RequestError } from '../core/errors.ts';
import { type Manifest, toPublicManifest } from '../core/model/manifest.ts';
import { type Content, jsonContent, staticContent } from './http/content.ts';
import { toOpenApi } from './openapi/openapi.ts';
import { toDocsContent, toDocsFileContent } from './pages/docs-page.ts';
import { pageContent } from './pages/page.ts';
import type { ReadAsset } from './pages/page-assets.ts';
import { toPlaygroundPage } from './pages/playground-page.ts';
import { csv, mlflowCsv } from './protocols/csv.ts';
import { explainCsv, explainNative } from './protocols/explain.ts';
import { encodeMlflowError, mlflow } from './protocols/mlflow.ts';
import { encodeProblem, native } from './protocols/native.ts';
import {
  toLive,
  toModelMetadata,
  toModelReady,
  toReady,
  toServerMetadata,
} from './protocols/open-inference/documents.ts';
import { encodeOpenInferenceError, openInference } from './protocols/open-inference/open-inference.ts';
import type { EncodeError, Protocol } from './protocols/protocol.ts';

/** The values of a route's path parameters. */
export type Parameters = Readonly<Record<string, string>>;

type ToDocument = (manifest: Manifest, parameters: Parameters, readAsset: ReadAsset) => Content;

/** A POST route answers rows, in one of its protocols. A GET route answers a document, such as a page. */
export type Route = {
  /** With `{name}` for a segment that varies. */
  readonly path: string;
  readonly encodeError: EncodeError;
  /** Whether the route serves a file of a page. The description of the API leaves out such routes. */
  readonly isPageFile?: boolean;
} & (
  | {
      readonly method: 'POST';
      readonly protocols: readonly Protocol[];
      /** A part of the manifest that the route needs. If the manifest lacks it, the route's requests are refused. */
      readonly needs?: 'explanations';
    }
  | { readonly method: 'GET'; readonly document: ToDocument }
);

const problem = { encodeError: encodeProblem };
const v2 = { encodeError: encodeOpenInferenceError };

export const routes: readonly Route[] = [
  { method: 'POST', path: '/predict', protocols: [native, csv], ...problem },
  { method: 'POST', path: '/explain', protocols: [explainNative, explainCsv], needs: 'explanations', ...problem },
  { method: 'GET', path: '/model', document: toModelContent, ...problem },
  // Always ok: the function only starts if the model loads and its examples have the right answers.
  { method: 'GET', path: '/health', document: () => jsonContent({ status: 'ok' }), ...problem },
  { method: 'GET', path: '/openapi.json', document: toOpenApiContent, ...problem },
  { method: 'GET', path: '/docs', document: toDocsContent, ...problem },
  { method: 'GET', path: '/docs/{file}', document: toDocsFileContent, isPageFile: true, ...problem },
  { method: 'GET', path: '/', document: toPlaygroundContent, ...problem },

  // MLflow and SageMaker
  { method: 'POST', path: '/invocations', protocols: [mlflow, mlflowCsv], encodeError: encodeMlflowError },
  { method: 'GET', path: '/ping', document: () => jsonContent({}), ...problem },
  { method: 'GET', path: '/version', document: toVersionContent, ...problem },

  // Open Inference Protocol
  { method: 'GET', path: '/v2', document: toServerMetadata, ...v2 },
  { method: 'GET', path: '/v2/health/live', document: toLive, ...v2 },
  { method: 'GET', path: '/v2/health/ready', document: toReady, ...v2 },
  ...['/v2/models/{model}', '/v2/models/{model}/versions/{version}'].flatMap((path): Route[] => [
    { method: 'GET', path, document: toModelMetadata, ...v2 },
    { method: 'GET', path: `${path}/ready`, document: toModelReady, ...v2 },
    { method: 'POST', path: `${path}/infer`, protocols: [openInference], ...v2 },
  ]),
];

function toOpenApiContent(manifest: Manifest): Content {
  return staticContent(JSON.stringify(toOpenApi(manifest, routes)), 'application/json');
}

function toPlaygroundContent(manifest: Manifest, _: Parameters, readAsset: ReadAsset): Content {
  const [style, script] = [String(readAsset('style.css')), String(readAsset('script.js'))];
  return pageContent(toPlaygroundPage(manifest, { style, script }), { style, script });
}

function toModelContent(manifest: Manifest): Content {
  return staticContent(JSON.stringify(toPublicManifest(manifest)), 'application/json');
}

/** The version of the model. MLflow's own server answers the version of MLflow here. */
function toVersionContent({ version }: Manifest): Content {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: version };
}

export interface Match {
  readonly route: Route;
  readonly parameters: Parameters;
}

/**
 * Finds the route of a request. HEAD takes the route of GET. Throws RouteNotFound, or MethodNotAllowed with the allowed
 * methods.
 */
export function matchRoute(method: string, path: string): Match {
  const match = findRoutes(path).find(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method));
  if (match) return match;
  const allow = allowedMethods(path);
  throw new RequestError('MethodNotAllowed', `Expected ${allow}`, { headers: { allow } });
}

/** The methods of a path, as an Allow header lists them. Throws RouteNotFound. */
export function allowedMethods(path: string): string {
  const methods = findRoutes(path).flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : ['POST']));
  if (methods.length > 0) return [...methods, 'OPTIONS'].join(', ');
  throw new RequestError('RouteNotFound', 'This path does not exist; GET /openapi.json lists the paths');
}

/**
 * Returns how errors at a path are written. For a path without a route, errors have the form of the route at the path's
 * first segment, such as /v2. Without such a route, they are problem documents.
 */
export function errorEncoderAt(path: string): EncodeError {
  const [match] = findRoutes(path);
  if (match) return match.route.encodeError;
  const family = routes.find((route) => route.path === `/${toSegments(path)[1]}`);
  return family?.encodeError ?? encodeProblem;
}

/** The routes at a path, whatever their method; a slash at its end does not matter. */
function findRoutes(path: string): readonly Match[] {
  const fixed = fixedRoutes.get(withoutSlash(path));
  if (fixed) return fixed;
  const segments = toSegments(path);
  return patterns.flatMap(({ route, pattern }) => {
    const parameters = matchSegments(pattern, segments);
    return parameters ? [{ route, parameters }] : [];
  });
}

/** The routes without path parameters, by path. */
const fixedRoutes = new Map<string, Match[]>();
for (const route of routes.filter(({ path }) => !path.includes('{'))) {
  const path = withoutSlash(route.path);
  fixedRoutes.set(path, [...(fixedRoutes.get(path) ?? []), { route, parameters: {} }]);
}

const patterns = routes.map((route) => ({ route, pattern: toSegments(route.path) }));

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function toSegments(path: string): string[] {
  return withoutSlash(path).split('/');
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Parameters | undefined {
  if (pattern.length !== segments.length) return undefined;
  const names: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (expected.startsWith('{')) names[expected.slice(1, -1)] = decodeSegment(segment);
    else if (expected !== segment) return undefined;
  }
  return names;
}

/** Returns the segment as it came if its percent-encoding is invalid. No model's name has a `%`, so it matches none. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
