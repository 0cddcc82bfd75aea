/** Returns numbers above 0 and below 1. */
export type Random = () => number;

const modulus = 2_147_483_647;
/** The largest seed of createRandom; the smallest is 1. */
export const mostSeed = modulus - 1;

/** Creates D. H. Lehmer's generator of random numbers. The same seed gives the same numbers. */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}

/** The Fisher-Yates shuffle. */
export function shuffle<T>(values: readonly T[], random: Random): T[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[at]] = [shuffled[at] as T, shuffled[last] as T];
  }
  return shuffled;
}
