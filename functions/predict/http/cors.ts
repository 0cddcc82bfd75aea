import type { HttpRequest } from './request.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * The CORS headers that let a page of one of `origins` read the answer. Without them, the page's browser keeps the
 * answer from it. Unless any origin may read answers, each answer varies with the Origin header, also the one to a
 * request without it. Otherwise a browser could give the page an answer from its cache that lacks these headers.
 */
export function toCorsHeaders(origins: readonly string[], { headers, method }: HttpRequest): Headers {
  const { origin } = headers;
  if (origins.length === 0) return {};
  const anyOrigin = origins.includes('*');
  const varies: Headers = anyOrigin ? {} : { vary: 'origin' };
  if (!origin || !(anyOrigin || origins.includes(origin))) return varies;
  const allowed = { 'access-control-allow-origin': anyOrigin ? '*' : origin, ...varies };
  if (method !== 'OPTIONS')
    return { ...allowed, 'access-control-expose-headers': 'x-request-id, inference-header-content-length' };
  return {
    ...allowed,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type',
    'access-control-max-age': '86400',
  };
}
