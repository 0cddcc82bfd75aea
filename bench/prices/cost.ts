import type { ColdStarts } from '../measure/cold-start.ts';
import type { Emulated } from '../measure/emulator.ts';
import { median } from '../statistics.ts';
import type { System } from '../systems/images.ts';
import prices from './prices.json' with { type: 'json' };

/** The request rates for which prices are computed, in requests per second. The lowest is one request per hour. */
export const rates = [1 / 3600, 0.1, 1, 100] as const;

/** Dollars for a million requests of one row through an HTTP API. doors.ts has the prices of other ways to call. */
export interface Cost {
  readonly system: System;
  readonly megabytes: number;
  readonly rate: number;
  /** The share of requests that start a new environment. */
  readonly cold: number;
  readonly requests: number;
  readonly compute: number;
  readonly total: number;
}

export function toCosts(coldStarts: readonly ColdStarts[], emulated: Emulated): Cost[] {
  return coldStarts.flatMap(({ megabytes, starts }) =>
    (['sepal', 'python-sklearn'] as const).flatMap((system) => {
      // With less than one processor, a request takes longer in proportion.
      const warm = median(emulated.times[system]) * Math.max(1, 1769 / megabytes);
      const cold = median(starts[system].map(({ answer }) => answer));
      return rates.map((rate) => toCost(system, megabytes, rate, warm, cold));
    }),
  );
}

function toCost(system: System, megabytes: number, rate: number, warm: number, cold: number): Cost {
  const share = coldShare(rate, warm / 1000);
  // Lambda rounds up to milliseconds, and bills the start of an environment like a request.
  const seconds = ((1 - share) * Math.ceil(warm) + share * Math.ceil(cold)) / 1000;
  const compute = 1e6 * seconds * (megabytes / 1024) * prices.lambdaPerGigabyteSecond;
  const requests = prices.lambdaPerMillionRequests + prices.httpApiPerMillionRequests;
  return { system, megabytes, rate, cold: share, requests, compute, total: requests + compute };
}

/**
 * The share of cold starts if requests arrive at random. A request starts an environment if none was used for a while,
 * or if the environment has reached the end of its life. AWS publishes neither time; prices.json has assumptions.
 */
function coldShare(rate: number, seconds: number): number {
  const { idleSeconds, lifetimeSeconds } = prices.assumed;
  const busy = rate * seconds;
  const environments = Math.ceil(busy + 3 * Math.sqrt(busy)) || 1;
  return Math.min(1, Math.exp(-rate * idleSeconds) + environments / lifetimeSeconds / rate);
}
