import type { RangedFeature } from './model.ts';

const named = /(^|[\s_.-])(id|Id|ID)$|[a-z](Id|ID)$/;
/** Fewer whole numbers than these are looked through with a slider, however they spread. */
const leastNumbers = 10_000;

/** Whether a feature's values are numbers that name something: nobody would look for one with a slider. */
export function isIdentifier({ name, dtype, baseline }: RangedFeature): boolean {
  if (dtype !== 'int64') return false;
  return named.test(name) || (baseline.max - baseline.min >= leastNumbers && isEven(baseline));
}

/** Whether as many values lie in each tenth of the range, as where each row has the next number. */
function isEven({ min, max, deciles }: RangedFeature['baseline']): boolean {
  return deciles.every((decile, index) => Math.abs((decile - min) / (max - min) - (index + 1) / 10) < 0.03);
}
