import { say } from '../commands.ts';
import type { Plan } from '../plan.ts';
import { type InRounds, nothingOf } from '../rounds.ts';
import { curveOf, median, quantile } from '../statistics.ts';
import { event } from '../systems/container.ts';
import { runInside } from '../systems/inside.ts';

export const warmed = ['sepal', 'session.run', 'python-sklearn', 'python-onnx'] as const;
export type Warmed = (typeof warmed)[number];

interface Round {
  readonly times: readonly number[];
  readonly allocated?: number;
}

/** Milliseconds of requests by round, and the distribution over all rounds. */
export interface Times {
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly curve: readonly number[];
}

export interface Warm {
  readonly times: Readonly<Record<Warmed, Times>>;
  /** Heap bytes that each of Sepal's requests allocates. */
  readonly allocated: number;
}

/**
 * Measures one row in process. The time of a handler runs from the event to the result, and includes its logs. The time
 * of `session.run` is that of the call alone.
 */
export async function measureWarm(plan: Plan, inRounds: InRounds): Promise<Warm> {
  const { warmRounds, warmRequests } = plan;
  say(`${warmRounds} rounds of ${warmRequests} requests in process`);
  const measured = await inRounds(warmRounds, plan.warmed, (name) => measureRound(name, String(warmRequests)));
  const rounds = { ...nothingOf(warmed), ...measured };
  const times = warmed.map((name) => [name, toTimes(rounds[name].map((round) => round.times))]);
  return { times: Object.fromEntries(times), allocated: rounds.sepal[0]?.allocated ?? Number.NaN };
}

function toTimes(rounds: readonly (readonly number[])[]): Times {
  return {
    p50: rounds.map(median),
    p99: rounds.map((times) => quantile(times, 0.99)),
    curve: curveOf(rounds.flat()),
  };
}

function measureRound(name: Warmed, requests: string): Promise<Round> {
  if (name === 'session.run') return runInside('sepal', 'session.mjs', requests);
  return name === 'sepal' ? runInside(name, 'warm.mjs', event, requests) : runInside(name, 'warm.py', event, requests);
}
