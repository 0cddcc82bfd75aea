/** The route of template.yaml's APIs that takes a path. */
export function toRoute(path: string): string {
  if (path === '/' || path === '/health' || path === '/ping') return path;
  return path.startsWith('/v2/health/') ? '/v2/health/{proxy+}' : '/{proxy+}';
}

/** What stands in the path for the route's `{proxy+}`. */
export function toPathParameters(path: string, route: string): { readonly proxy: string } | undefined {
  return route.endsWith('{proxy+}') ? { proxy: path.slice(route.length - '{proxy+}'.length) } : undefined;
}
