import type { Prediction } from '../model.ts';
import type { Part } from './part.ts';

/** Shows predictions. */
export interface PredictionView {
  readonly elements: readonly HTMLElement[];
  /** The name of what is predicted; empty if it has none. */
  readonly caption: string;
  show(prediction: Prediction): void;
  /** The prediction in a few words. */
  summarise(prediction: Prediction): string;
}

/** Shows the parts of predictions that are about one target. */
export interface PartView {
  readonly elements: readonly HTMLElement[];
  show(part: Part): void;
  summarise(part: Part): string;
}
