import { RequestError } from './errors.ts';
import type { HttpRequest } from './event.ts';
import type { Manifest } from './model/manifest.ts';
import { native } from './protocols/native.ts';
import type { Protocol } from './protocols/protocol.ts';
import type { HttpResponse } from './response.ts';

/** A route either predicts, in some protocol, or answers a document about the model. */
export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
} & (
  | { readonly protocol: Protocol<HttpRequest, HttpResponse> }
  | { readonly document: (manifest: Manifest) => unknown }
);

export const routes: readonly Route[] = [
  { method: 'POST', path: '/predict', protocol: native },
  { method: 'GET', path: '/model', document: toPublicManifest },
  // The function answers only once its model was loaded and its example answered right.
  { method: 'GET', path: '/health', document: () => ({ status: 'ok' }) },
];

/** The public part of model.json: all but where its files lie. */
function toPublicManifest({ $schema: _schema, file: _file, ...manifest }: Manifest): unknown {
  return manifest;
}

/** Throws RouteNotFound, or MethodNotAllowed with what is allowed. */
export function matchRoute({ method, path }: HttpRequest): Route {
  const there = routes.filter((route) => route.path === path);
  if (there.length === 0) {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(', ');
    throw new RequestError('RouteNotFound', `Nothing is at this path; there are ${known}`);
  }
  const route = there.find((candidate) => candidate.method === method);
  if (route) return route;
  const allow = there.map((candidate) => candidate.method).join(', ');
  throw new RequestError('MethodNotAllowed', `Expected ${allow}`, { headers: { allow } });
}
