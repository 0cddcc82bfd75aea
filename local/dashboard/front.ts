import type { Handler } from '../../functions/predict/handler.ts';
import { Throttled } from '../gateway.ts';
import type { Sample } from './samples.ts';

/** The values that stand for the template's references to its resources. */
export const resources = { Api: 'Api', PredictFunction: 'PredictFunction' } as const;

const api = { namespace: 'AWS/ApiGateway', dimensions: { ApiId: resources.Api } };
const lambda = {
  namespace: 'AWS/Lambda',
  dimensions: { FunctionName: resources.PredictFunction, Resource: `${resources.PredictFunction}:live` },
};
const measured: Readonly<Record<string, readonly string[]>> = {
  [api.namespace]: ['Count', 'Latency', '4xx', '5xx'],
  [lambda.namespace]: ['Invocations', 'Duration', 'Errors', 'Throttles', 'ConcurrentExecutions'],
};

/** Whether a metric is one of Sepal's own, or one of AWS that is measured here too. */
export function isMeasured({ namespace, name, dimensions }: Named): boolean {
  if (!namespace.startsWith('AWS/')) return true;
  const own = namespace === api.namespace ? api.dimensions : lambda.dimensions;
  return (measured[namespace] ?? []).includes(name) && dimensions.every(([key]) => key in own);
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly (readonly [string, string])[];
}

/** Measures on this machine the metrics that API Gateway and Lambda measure in AWS. */
export interface Front {
  /** Wraps a handler so that the metrics of Lambda are measured for each of its invocations. */
  watch(handler: Handler): Handler;
  /** Must be called for each answer of the gateway. */
  answered(status: number, latencyMs: number): void;
  /** Returns the samples since a time in milliseconds since 1970. */
  since(time: number): readonly Sample[];
}

interface Seen {
  readonly at: number;
  /** The values of the metrics by name. */
  readonly values: Readonly<Record<string, number>>;
  readonly of: typeof api | typeof lambda;
}

/** The most observations that are kept. Each request leaves two. */
const mostSeen = 60_000;

export function createFront(): Front {
  let seen: Seen[] = [];
  let running = 0;
  const keep = (of: Seen['of'], values: Seen['values']) => {
    // An observation is converted to samples only when somebody opens the dashboard, like the lines of metrics.
    seen.push({ at: Date.now(), values, of });
    if (seen.length > mostSeen) seen = seen.slice(mostSeen / 2);
  };
  return {
    watch: (handler) => async (event, context) => {
      const start = performance.now();
      running += 1;
      const ConcurrentExecutions = running;
      const tell = (Errors: number) =>
        keep(lambda, {
          Invocations: 1,
          Duration: performance.now() - start,
          Errors,
          Throttles: 0,
          ConcurrentExecutions,
        });
      try {
        const answer = await handler(event, context);
        tell(0);
        return answer;
      } catch (error) {
        if (error instanceof Throttled) keep(lambda, { Throttles: 1 });
        else tell(1);
        throw error;
      } finally {
        running -= 1;
      }
    },
    answered(status, Latency) {
      const isOf = (hundred: number) => Number(Math.floor(status / 100) === hundred);
      keep(api, { Count: 1, Latency, '4xx': isOf(4), '5xx': isOf(5) });
    },
    since: (time) => seen.filter(({ at }) => at >= time).flatMap(toSamples),
  };
}

function toSamples({ at: time, values, of }: Seen): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ time, ...of, name, value }));
}
