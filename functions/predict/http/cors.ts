import type { HttpRequest } from './request.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * The CORS headers that let a page of one of `origins` read the answer. Empty if no origins are configured, or the
 * request has no Origin header.
 */
export function toCorsHeaders(origins: readonly string[], { headers, method }: HttpRequest): Headers {
  const { origin } = headers;
  if (!origin || origins.length === 0) return {};
  const anyOrigin = origins.includes('*');
  if (!anyOrigin && !origins.includes(origin)) return { vary: 'origin' };
  const allowed = { 'access-control-allow-origin': anyOrigin ? '*' : origin, ...(!anyOrigin && { vary: 'origin' }) };
  if (method !== 'OPTIONS')
    return { ...allowed, 'access-control-expose-headers': 'x-request-id, inference-header-content-length' };
  return {
    ...allowed,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type',
    'access-control-max-age': '86400',
  };
}
