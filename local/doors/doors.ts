import type { LocalDoor } from './door.ts';
import { functionUrl, httpApi } from './http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from './load-balancer.ts';
import { restApi } from './rest-api.ts';

/** The doors by the names that `npm start -- --door` accepts. */
export const doors: ReadonlyMap<string, LocalDoor> = new Map([
  ['http-api', httpApi],
  ['function-url', functionUrl],
  ['rest-api', restApi],
  ['load-balancer', loadBalancer],
  ['multi-value-load-balancer', multiValueLoadBalancer],
]);
