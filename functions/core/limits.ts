/** The limits of a request. An error that reports an exceeded limit names the limit and its value. */
export interface Limits {
  /** Bytes of a body after decompression. */
  readonly bodyBytes: number;
  readonly rows: number;
  /**
   * Rows times the numbers in one row's answer, such as a probability per class. Limits the time and memory of a run.
   */
  readonly probabilities: number;
  /** Columns of a row, including those that the model does not know. */
  readonly columns: number;
  /** Nesting depth of arrays and objects in a JSON document. */
  readonly depth: number;
  /** Characters of a name or a value. */
  readonly stringLength: number;
  /** Characters of a value if the model reads free text; `stringLength` if left out. */
  readonly textLength?: number;
  /** Bytes of an answer as JSON: the most that Lambda passes on, or the service that invoked the function. */
  readonly answerBytes: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 6 * 1024 * 1024,
  rows: 100_000,
  probabilities: 30_000_000,
  columns: 10_000,
  depth: 16,
  stringLength: 10_000,
  answerBytes: 6 * 1024 * 1024,
};
