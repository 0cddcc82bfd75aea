import { say } from './commands.ts';
import { createRandom, mostSeed, shuffle } from './random.ts';

/** Measures each contender once per round. Returns the results by contender, in the order of the rounds. */
export type InRounds = <Name extends string, T>(
  rounds: number,
  contenders: readonly Name[],
  measure: (contender: Name) => Promise<T>,
) => Promise<Record<Name, T[]>>;

/** Returns an empty list of results for each contender, as a default for those that a plan does not measure. */
export function nothingOf<Name extends string>(names: readonly Name[]): Record<Name, never[]> {
  return Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, never[]>;
}

/**
 * Creates the function that measures in rounds. The contenders of a round run one after the other, so that a slow phase
 * of the machine slows all of them. Their order is random in each round: a contender that was always second would
 * always meet the caches and the heat that the first leaves behind.
 */
export function createRounds(seed: number): InRounds {
  const random = createRandom(seed);
  return async <Name extends string, T>(
    rounds: number,
    contenders: readonly Name[],
    measure: (contender: Name) => Promise<T>,
  ) => {
    const measured = Object.fromEntries(contenders.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
    for (let round = 0; round < rounds; round += 1) {
      for (const name of shuffle(contenders, random)) measured[name].push(await measure(name));
    }
    return measured;
  };
}

/** The seed from `--seed`, which repeats the orders of an earlier run, or one from the clock. */
export function chooseSeed(parameters: readonly string[]): number {
  const at = parameters.indexOf('--seed');
  const seed = at < 0 ? 1 + (Date.now() % mostSeed) : Number(parameters[at + 1]);
  if (!Number.isInteger(seed) || seed < 1 || seed > mostSeed) {
    throw new Error(`--seed takes a whole number from 1 to ${mostSeed}`);
  }
  say(`seed ${seed}`);
  return seed;
}
