import type { Visit } from './walk.ts';

/** Contributions of each feature to each number, made of a walk while it goes on. */
export interface Estimate {
  readonly visit: Visit;
  /** Row-major, [numbers, features]. */
  readonly contributions: Float64Array;
  /** The same; called at the end. */
  toStandardErrors(): Float64Array;
}

/** Shapley values from pairs of permutations, in each of which all features enter and all leave. `base` is where the walk begins. */
export function createEstimate(features: number, base: Float64Array): Estimate {
  const { length: numbers } = base;
  const contributions = new Float64Array(numbers * features);
  const squares = new Float64Array(numbers * features);
  const ofPair = new Float64Array(numbers * features);
  const before = base.slice();
  let [steps, pairs] = [0, 0];

  // Welford's: a sum of squares would lose what is left where pairs hardly differ.
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
