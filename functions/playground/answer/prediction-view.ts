import type { Prediction } from '../model.ts';
import type { Part } from './part.ts';

/** How a prediction is shown. */
export interface PredictionView {
  readonly elements: readonly HTMLElement[];
  /** What is predicted; empty where it has no name. */
  readonly caption: string;
  show(prediction: Prediction): void;
  /** The prediction in a few words. */
  summarise(prediction: Prediction): string;
}

/** How what is answered of one target is shown. */
export interface PartView {
  readonly elements: readonly HTMLElement[];
  show(part: Part): void;
  summarise(part: Part): string;
}
