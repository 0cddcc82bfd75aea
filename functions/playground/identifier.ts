import type { RangedFeature } from './model.ts';

const named = /(^|[\s_.-])(id|Id|ID)$|[a-z](Id|ID)$/;
/** A range of fewer whole numbers gets a slider, however evenly its values spread. */
const leastNumbers = 10_000;

/** Whether a feature's values are numbers that identify something, such as a row. A slider is no use for these. */
export function isIdentifier({ name, dtype, baseline }: RangedFeature): boolean {
  if (dtype !== 'int64') return false;
  return named.test(name) || (baseline.max - baseline.min >= leastNumbers && isEven(baseline));
}

/** Whether about as many values lie in each tenth of the range. They do if each row has the next number. */
function isEven({ min, max, deciles }: RangedFeature['baseline']): boolean {
  return deciles.every((decile, index) => Math.abs((decile - min) / (max - min) - (index + 1) / 10) < 0.03);
}
