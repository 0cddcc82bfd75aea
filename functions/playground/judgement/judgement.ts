import { element } from '../element.ts';
import type { Prediction, PublicManifest } from '../model.ts';
import { createConfusionView } from './confusion-view.ts';
import { createResidualsView } from './residuals-view.ts';
import { createThresholdView } from './threshold-view.ts';

/** Shows the model's measured mistakes, and what they say about a prediction. */
export function createJudgement(manifest: PublicManifest) {
  const parts = [createThresholdView(manifest), createConfusionView(manifest), createResidualsView(manifest)];
  const present = parts.filter((part) => part !== undefined);
  return {
    elements:
      present.length > 0 ? [element('div', { class: 'judgement' }, ...present.map((part) => part.element))] : [],
    show(prediction: Prediction) {
      for (const part of present) part.show(prediction);
    },
  };
}
