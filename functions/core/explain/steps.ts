import { createRandom } from './random.ts';

/**
 * A walk through coalitions of features that begins at the empty one. Each step names a feature. The feature enters the
 * coalition, or leaves it if it is a member.
 */
export type Steps = Iterable<number>;

/** Makes pairs of permutations: all features enter in a random order, then all leave in the same order. */
export function* throughPairs(features: number, pairs: number): Steps {
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = shuffle(features, pair + 1);
    yield* order;
    yield* order;
  }
}

/**
 * Fisher-Yates, from the end. The Python export draws the same orders from the same seeds, so that its contributions
 * can be compared with those computed here.
 */
export function shuffle(count: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  const next = createRandom(seed);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
