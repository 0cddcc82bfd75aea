import { element } from '../element.ts';
import { createBars, type Measure } from './bars.ts';
import type { PartView } from './prediction-view.ts';

/**
 * Shows whether a row is an inlier or an outlier, and its score. A score below 0 means the class named `outlier`, which
 * a package may call otherwise.
 */
export function createScoreView(measure: Measure, outlier: string): PartView {
  const name = element('strong');
  const bars = createBars(measure);
  const note = element('p', { class: 'aside' }, `A score below 0 means ${outlier}.`);
  return {
    elements: [element('p', { class: 'headline' }, name), bars.element, note],
    show({ label, value }) {
      name.textContent = label;
      bars.show([['score', value]], 'score');
    },
    summarise: ({ label, value }) => `${label} · ${measure.format(value)}`,
  };
}
