import { createBars, type Measure } from './bars.ts';
import { element } from './element.ts';
import type { PartView } from './prediction-view.ts';

/** Inlier or outlier, and the score against 0, which divides them. */
export function createScoreView(measure: Measure, outlier: string): PartView {
  const headline = element('p', { class: 'headline' });
  const bars = createBars(measure);
  const note = element('p', { class: 'aside' }, `A score below 0 is that of an ${outlier}.`);
  return {
    elements: [headline, bars.element, note],
    show({ label, value }) {
      headline.textContent = label;
      bars.show([['score', value]], 'score');
    },
    summarise: ({ label, value }) => `${label} ${measure.format(value)}`,
  };
}
