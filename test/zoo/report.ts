import type { Prediction } from '../../functions/core/model/prediction.ts';

/** The report of training/zoo about an entry. */
export type Report = Exported | Refused;

interface Entry {
  readonly estimator: string;
  readonly data: string;
  /** The family under which docs/zoo.md counts the entry's class; empty for an example, which is not counted. */
  readonly family: string;
  readonly naive: Naive;
}

export interface Refused extends Entry {
  /** Why there is no package. */
  readonly refused: string;
}

export interface Exported extends Entry {
  /** The name of the package and of its folder. */
  readonly name: string;
  readonly parity: { readonly rows: number; readonly tolerance: number; readonly scale: number };
  /** The comparison of explanations with those that shap makes of the original; null if the answers have no number. */
  readonly explained: { readonly rows: number; readonly method: string; readonly largest_error: number } | null;
  /** The size of model.onnx in bytes. */
  readonly bytes: number;
  /** The original's time per row; 0 if the entry has a family, because docs/zoo.md shows times only of examples. */
  readonly original_microseconds: number;
  readonly instances: readonly (readonly unknown[])[];
  /** The original's answers. */
  readonly predictions: readonly Prediction[];
}

/** How the usual float32 export answers the same rows. */
export type Naive = { readonly failed: string } | { readonly labels: number | null; readonly error: number };

/** An entry that the function has served. */
export interface Visited extends Exported {
  readonly rows: number;
  /** The share of rows whose labels equal the original's; null if the answers have no labels. */
  readonly agreement: number | null;
  /** The largest error of a probability, or of a value as a share of the largest value. */
  readonly largestError: number;
  /** The time per row; 0 if the entry has a family. */
  readonly microseconds: number;
  /** A line for each row that differs by more than the tolerance, and for each size of a request that changes bits. */
  readonly wrong: readonly string[];
}
