/** What a request may be at most. Each is answered with its name and the value when it is passed. */
export interface Limits {
  /** Bytes of a body, unpacked. */
  readonly bodyBytes: number;
  readonly rows: number;
  /** Rows times the numbers of an answer, a probability of each class: what the model computes, and the time of it. */
  readonly probabilities: number;
  /** Columns of a row, whether the model knows them or not. */
  readonly columns: number;
  /** Arrays and objects of a JSON document inside each other. */
  readonly depth: number;
  /** Characters of a name or a value. */
  readonly stringLength: number;
  /** Characters of a value where they may be more, as where the model reads texts. */
  readonly textLength?: number;
  /** Bytes of an answer: what Lambda lets through, as JSON. */
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
