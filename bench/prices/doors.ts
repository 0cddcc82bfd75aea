import type { Cost } from './cost.ts';
import prices from './prices.json' with { type: 'json' };

/**
 * Dollars that each door adds to Lambda's price of a million requests. A door is a way to call the function; `direct` is
 * an invocation without HTTP.
 */
export const doors = {
  httpApi: prices.httpApiPerMillionRequests,
  functionUrl: 0,
  restApi: prices.restApiPerMillionRequests,
  direct: 0,
} as const;

/** Dollars for a million requests through a door. */
export function throughDoor({ compute }: Cost, door: keyof typeof doors): number {
  return prices.lambdaPerMillionRequests + compute + doors[door];
}

/** The case for which the documents give prices: one request per second, one whole processor. */
export function usualCost(costs: readonly Cost[]): Cost {
  const usual = costs.find((cost) => cost.system === 'sepal' && cost.megabytes === 1769 && cost.rate === 1);
  if (!usual) throw new Error('the run has no cost of Sepal at a request a second with 1,769 MB');
  return usual;
}
