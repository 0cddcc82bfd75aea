import { isRecord } from '../../core/model/value.ts';
import { text } from './fields.ts';

/** The parts of an API Gateway event that determine the path. */
interface Place {
  readonly path: string;
  /** The path of the matched route, such as `/{proxy+}`, or `$default`. */
  readonly route: string;
  /** The values of the route's path parameters. */
  readonly parameters: unknown;
  readonly stage: string;
}

/**
 * Returns the path within the API. The path of an event may begin with the stage or with the base path of a custom
 * domain, and does not say which. The route has neither, so the path is rebuilt from the route.
 */
export function toApiPath({ path, route, parameters, stage }: Place): string {
  if (route === '/') return '/';
  const within = fill(route, parameters);
  const isTold = within.length > 1 && within.startsWith('/') && (path.endsWith(within) || path.endsWith(`${within}/`));
  return isTold ? within : withoutStage(path, stage);
}

/** Inserts the path parameters into the route. Without regular expressions, which would take a microsecond. */
function fill(route: string, parameters: unknown): string {
  let filled = '';
  let end = 0;
  for (let start = route.indexOf('{'); start >= 0; start = route.indexOf('{', end)) {
    filled += route.slice(end, start);
    end = route.indexOf('}', start) + 1;
    if (end === 0) return '';
    const name = route.slice(start + 1, route[end - 2] === '+' ? end - 2 : end - 1);
    filled += isRecord(parameters) ? text(parameters[name]) : '';
  }
  return filled + route.slice(end);
}

/** Removes the stage from the path. The stage `$default` is not part of it. */
function withoutStage(path: string, stage: string): string {
  const prefix = `/${stage}`;
  return stage && stage !== '$default' && (path === prefix || path.startsWith(`${prefix}/`))
    ? path.slice(prefix.length) || '/'
    : path;
}
