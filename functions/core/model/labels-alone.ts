import { type Output, rangesByTarget, type Shown } from './outputs.ts';
import { fetch, type Predictions } from './prediction.ts';
import type { Tensor, Tensors } from './tensor.ts';

/**
 * Reduces each hidden output to one number for each row and target: the largest, or NaN if any of them is not finite.
 * That is enough to find the rows without an answer, and those whose answer is unsure.
 */
export function keepShown(fetches: Tensors, { hidden }: Shown): Tensors {
  const reduced = hidden.map((output) => [output.tensor, toLargest(fetch(fetches, output.tensor), output)] as const);
  return reduced.length > 0 ? { ...fetches, ...Object.fromEntries(reduced) } : fetches;
}

function toLargest({ dims: [rows = 0], data }: Tensor, output: Output): Tensor {
  const ranges = rangesByTarget(output);
  const width = output.columns.length;
  const largest = new Float64Array(rows * ranges.length);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (const [from, to] of ranges) {
      largest[at] = largestOf(data as Float64Array, row * width + from, row * width + to);
      at += 1;
    }
  }
  return { dtype: 'float64', dims: [rows, ranges.length], data: largest };
}

/** The largest of some numbers, or NaN if one of them is not finite. */
function largestOf(numbers: Float64Array, from: number, to: number): number {
  let [largest, differences] = [Number.NEGATIVE_INFINITY, 0];
  for (let at = from; at < to; at += 1) {
    const number = numbers[at] as number;
    largest = Math.max(largest, number);
    // 0 if the number is finite, else NaN.
    differences += number - number;
  }
  return differences === 0 ? largest : Number.NaN;
}

/**
 * Counts the rows in which the largest probability of at least one target is below the threshold; undefined for a model
 * without probabilities.
 */
export function countUnsure(predictions: Predictions, threshold: number): number | undefined {
  const { rows, outputs, confidences } = predictions;
  const index = outputs.findIndex(({ field }) => field === 'probabilities');
  const numbers = confidences ?? (predictions.blocks[index] as Float64Array | undefined);
  if (!numbers) return undefined;
  const width = numbers.length / Math.max(rows, 1);
  const ranges = confidences
    ? Array.from({ length: width }, (_, at) => [at, at + 1] as const)
    : rangesByTarget(outputs[index] as Output);
  let unsure = 0;
  for (let row = 0; row < rows; row += 1) {
    if (isUnsure(numbers, row * width, ranges, threshold)) unsure += 1;
  }
  return unsure;
}

type Ranges = readonly (readonly [from: number, to: number])[];

/**
 * Whether, for any target, the largest probability is below the threshold. `start` is the position of the row in
 * `numbers`.
 */
function isUnsure(numbers: Float64Array, start: number, ranges: Ranges, threshold: number): boolean {
  for (const [from, to] of ranges) {
    if (largestOf(numbers, start + from, start + to) < threshold) return true;
  }
  return false;
}
