import type { Prediction } from './model.ts';

/** How a prediction is shown. */
export interface PredictionView {
  readonly elements: readonly HTMLElement[];
  /** What is predicted. */
  readonly caption: string;
  show(prediction: Prediction): void;
  /** The prediction in a few words. */
  summarise(prediction: Prediction): string;
}
