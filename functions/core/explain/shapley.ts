import type { Visit } from './walk.ts';

/** Contributions of each feature to each number while a walk goes on. */
export interface Shapley {
  readonly visit: Visit;
  /** Row-major, [numbers, features]. */
  readonly contributions: Float64Array;
  /** Of permutations, as the contributions; called at the end. */
  readonly standardErrors?: () => Float64Array;
}

/** Of all coalitions, each visited once; `base` are the values of the empty one. */
export function createExact(features: number, base: Float64Array): Shapley {
  const contributions = new Float64Array(base.length * features);
  const weights = toWeights(features);
  const members = new Uint8Array(features);
  let size = 0;
  const add = (values: Float64Array) => {
    // A coalition counts for its members as the one with them, and against the others as the one without.
    const weightOf = [-(weights[size] ?? 0), weights[size - 1] ?? 0];
    for (let at = 0; at < contributions.length; at += 1) {
      const weight = weightOf[members[at % features] as number] as number;
      contributions[at] = (contributions[at] as number) + weight * (values[Math.floor(at / features)] as number);
    }
  };
  add(base);
  return {
    contributions,
    visit(feature, entered, values) {
      members[feature] = entered ? 1 : 0;
      size += entered ? 1 : -1;
      add(values);
    },
  };
}

/** By the size of a coalition without a feature: the share of orders in which just its members come before this. */
function toWeights(features: number): readonly number[] {
  const weights = [1 / features];
  for (let size = 1; size < features; size += 1) {
    weights.push(((weights[size - 1] as number) * size) / (features - size));
  }
  return weights;
}

/** Of pairs of permutations: in each, all features enter and all leave. */
export function createEstimate(features: number, base: Float64Array): Shapley {
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
    standardErrors: () => squares.map((sum) => Math.sqrt(sum / (pairs - 1) / pairs)),
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
