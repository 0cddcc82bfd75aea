import type { Class } from '../../functions/core/model/classes.ts';
import { readGolden } from '../helpers/files.ts';

/** Returns a number from 0 to below 1, or a whole number below `limit`. The same seed gives the same numbers. */
export type Random = (limit?: number) => number;

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return limit === undefined ? fraction : Math.floor(fraction * limit);
  };
}

/** Golden rows, and the labels that scikit-learn gave them. */
export interface Sample {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly Class[];
}

const golden = readGolden();

export function drawSample(random: Random, size: number): Sample {
  const drawn = Array.from({ length: size }, () => random(golden.instances.length));
  return {
    rows: drawn.map((index) => golden.instances[index] ?? []),
    labels: drawn.map((index) => {
      const prediction = golden.predictions[index];
      return prediction && 'label' in prediction ? prediction.label : '';
    }),
  };
}
