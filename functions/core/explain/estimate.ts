import type { Visit } from './walk.ts';

/** The contributions of each feature to each number, estimated from the steps of a walk as they are visited. */
export interface Estimate {
  readonly visit: Visit;
  /** Row-major, [numbers, features]. */
  readonly contributions: Float64Array;
  /** The standard errors of the contributions, in the same order. Call this when the walk has ended. */
  toStandardErrors(): Float64Array;
}

/**
 * Estimates Shapley values from pairs of permutations. In each pair, all features enter the coalition and all leave it.
 * `base` has the answers to the empty coalition, at which the walk begins.
 */
export function createEstimate(features: number, base: Float64Array): Estimate {
  const { length: numbers } = base;
  const contributions = new Float64Array(numbers * features);
  const squares = new Float64Array(numbers * features);
  const ofPair = new Float64Array(numbers * features);
  const before = base.slice();
  let [steps, pairs] = [0, 0];

  // Welford's algorithm: if pairs hardly differ, a plain sum of squares would lose the difference to rounding.
  const addPair = () => {
    pairs += 1;
    for (let at = 0; at < ofPair.length; at += 1) {
      const [value, mean] = [ofPair[at] as number, contributions[at] as number];
      const next = mean + (value - mean) / pairs;
      contributions[at] = next;
      squares[at] = (squares[at] as number) + (value - mean) * (value - next);
    }
    ofPair.fill(0);
  };

  return {
    contributions,
    toStandardErrors: () => squares.map((sum) => Math.sqrt(sum / (pairs - 1) / pairs)),
    visit(feature, entered, values) {
      const half = entered ? 0.5 : -0.5;
      for (let number = 0; number < numbers; number += 1) {
        const at = number * features + feature;
        ofPair[at] = (ofPair[at] as number) + half * ((values[number] as number) - (before[number] as number));
      }
      before.set(values);
      steps += 1;
      if (steps % (2 * features) === 0) addPair();
    },
  };
}
