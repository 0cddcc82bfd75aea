import type { Manifest } from '../../functions/core/model/manifest.ts';
import { toOpenApi } from '../../functions/predict/openapi/openapi.ts';
import { routes } from '../../functions/predict/routes.ts';
import type { TestRequest } from './http-event.ts';

/** The example requests of the service's OpenAPI document. */
export function toExampleRequests(manifest: Manifest): TestRequest[] {
  const { paths } = toOpenApi(manifest, routes);
  return Object.entries(paths).flatMap(([path, { post }]) =>
    Object.entries(post?.requestBody?.content ?? {}).flatMap(([type, { examples = {} }]) =>
      Object.values(examples).map(({ value }) => ({
        path: path.replace('{model}', manifest.name).replace('{version}', manifest.version),
        headers: { 'content-type': type },
        body: typeof value === 'string' ? value : JSON.stringify(value),
      })),
    ),
  );
}
