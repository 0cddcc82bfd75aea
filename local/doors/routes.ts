/** Returns the route of template.yaml's APIs that matches a path. */
export function toRoute(path: string): string {
  if (path === '/' || path === '/health' || path === '/ping') return path;
  return path.startsWith('/v2/health/') ? '/v2/health/{proxy+}' : '/{proxy+}';
}

/** Returns the value of the route's `{proxy+}`; undefined if the route has none. */
export function toPathParameters(path: string, route: string): { readonly proxy: string } | undefined {
  return route.endsWith('{proxy+}') ? { proxy: path.slice(route.length - '{proxy+}'.length) } : undefined;
}
