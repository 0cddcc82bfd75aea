import type { System } from './images.ts';
import type { ColdStarts } from './measure/cold-start.ts';
import type { Emulated } from './measure/emulator.ts';
import prices from './prices.json' with { type: 'json' };
import { median } from './statistics.ts';

/** Requests per second: the issue's, and one an hour, which is what a function that sleeps most of the time sees. */
export const rates = [1 / 3600, 0.1, 1, 100] as const;

/** Dollars for a million requests of one row through an HTTP API. doors.ts has the other doors. */
export interface Cost {
  readonly system: System;
  readonly megabytes: number;
  readonly rate: number;
  /** The share of requests that start an environment. */
  readonly cold: number;
  readonly requests: number;
  readonly compute: number;
  readonly total: number;
}

export function toCosts(coldStarts: readonly ColdStarts[], emulated: Emulated): Cost[] {
  return coldStarts.flatMap(({ megabytes, starts }) =>
    (['sepal', 'python-sklearn'] as const).flatMap((system) => {
      // Below one processor a request takes as much longer as its share is smaller.
      const warm = median(emulated.times[system]) * Math.max(1, 1769 / megabytes);
      const cold = median(starts[system].map(({ answer }) => answer));
      return rates.map((rate) => toCost(system, megabytes, rate, warm, cold));
    }),
  );
}

function toCost(system: System, megabytes: number, rate: number, warm: number, cold: number): Cost {
  const share = coldShare(rate, warm / 1000);
  // Lambda bills each millisecond that has begun, and the start of an environment as a request's time.
  const seconds = ((1 - share) * Math.ceil(warm) + share * Math.ceil(cold)) / 1000;
  const compute = 1e6 * seconds * (megabytes / 1024) * prices.lambdaPerGigabyteSecond;
  const requests = prices.lambdaPerMillionRequests + prices.httpApiPerMillionRequests;
  return { system, megabytes, rate, cold: share, requests, compute, total: requests + compute };
}

/**
 * Of requests that come at random: those that find no environment because none came for a while, and those that replace
 * one at the end of its life. AWS publishes neither time; they are assumed in prices.json.
 */
function coldShare(rate: number, seconds: number): number {
  const { idleSeconds, lifetimeSeconds } = prices.assumed;
  const busy = rate * seconds;
  const environments = Math.ceil(busy + 3 * Math.sqrt(busy)) || 1;
  return Math.min(1, Math.exp(-rate * idleSeconds) + environments / lifetimeSeconds / rate);
}
