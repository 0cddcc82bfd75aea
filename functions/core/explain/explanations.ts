import type { Output } from '../model/outputs.ts';
import type { Method } from './method.ts';

/** What a request asks to be explained. */
export interface ExplainOptions {
  /** All numbers of an answer, or of each target the one of what is predicted. */
  readonly numbers: 'all' | 'predicted';
  /** Rows of the model that one explained row may take; what the package says where it is left out. */
  readonly budget?: number | undefined;
}

/** Why the rows of a request have their answers: each number is its base and what each feature adds to it. */
export interface Explanations {
  readonly method: Method;
  readonly numbers: ExplainOptions['numbers'];
  /** The output whose numbers are explained. */
  readonly output: Output;
  /** The mean answer to the background, of each of the output's columns. */
  readonly base: Float64Array;
  /** Row-major, [rows, columns, features]. */
  readonly contributions: Float64Array;
  /** As the contributions; where they are estimated. */
  readonly standardErrors?: Float64Array;
  /** The features that matter most to what is predicted for a row, as text. */
  reasonsOf(row: number): readonly string[];
}
