import type { Predictions } from '../../../core/model/prediction.ts';
import { toBytes } from './binary.ts';
import type { AnswerTensor } from './outputs.ts';

export const explanationTensors = ['base', 'contributions', 'standard_errors'] as const;

/**
 * Returns the tensors that explain the answers: `base` of the shape [rows, numbers], and `contributions` of the shape
 * [rows, numbers, features]. If the contributions are estimates, `standard_errors` has their shape. The numbers are
 * those of the answer, such as its probabilities, in the answer's order.
 */
export function toExplanationTensors({ rows, explanations }: Predictions, binary: boolean): readonly AnswerTensor[] {
  if (!explanations) return [];
  const { base, contributions, standardErrors } = explanations;
  const shape = [rows, base.length, contributions.length / (rows * base.length)];
  const bases = new Float64Array(rows * base.length);
  for (let at = 0; at < bases.length; at += base.length) bases.set(base, at);
  return [
    toTensor('base', shape.slice(0, 2), bases, binary),
    toTensor('contributions', shape, contributions, binary),
    ...(standardErrors ? [toTensor('standard_errors', shape, standardErrors, binary)] : []),
  ];
}

function toTensor(
  name: (typeof explanationTensors)[number],
  shape: readonly number[],
  numbers: Float64Array,
  binary: boolean,
): AnswerTensor {
  return {
    ...{ name, datatype: 'FP64', shape, binary },
    toElements: () => Array.from(numbers),
    toBytes: () => toBytes(numbers),
  };
}
