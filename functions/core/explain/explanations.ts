import type { Output } from '../model/outputs.ts';
import type { Method } from './method.ts';

/** What a request asks to be explained. */
export interface ExplainOptions {
  /**
   * Which numbers are explained: all of an answer, or for each target only the number of the predicted class or value.
   */
  readonly numbers: 'all' | 'predicted';
  /** How many rows the model may answer to explain one row. If left out, the package decides. */
  readonly budget?: number | undefined;
}

/**
 * Explains the answers to the rows of a request: each number is the sum of its base and the contributions of all
 * features.
 */
export interface Explanations {
  readonly method: Method;
  readonly numbers: ExplainOptions['numbers'];
  /** The output whose numbers are explained. */
  readonly output: Output;
  /** The mean answer to the background, for each column of the output. */
  readonly base: Float64Array;
  /** Row-major, [rows, columns, features]. */
  readonly contributions: Float64Array;
  /** The standard errors of the contributions, in the same order; undefined if the method is exact. */
  readonly standardErrors?: Float64Array;
  /** The features that add something to what is predicted for a row, as text, the largest contribution first. */
  reasonsOf(row: number): readonly string[];
}
