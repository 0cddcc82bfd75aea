import type { Distribution, Target } from '../../core/model/outputs.ts';
import { placeIn, type Range, shareBelow, toShares } from '../baseline.ts';
import { element } from '../element.ts';
import { createDistribution, toEqualBars } from '../form/distribution.ts';
import { formatMeasured, formatNumber } from '../format.ts';
import { withUnit } from '../model.ts';
import type { PartView } from './prediction-view.ts';

const bins = 40;

/** Shows the value and, if the training values are known, its place among them. */
export function createValueView({ unit, baseline }: Target): PartView {
  const number = element('strong');
  const headline = element('p', { class: 'headline' }, number, element('span', { class: 'unit' }, unit ?? ''));
  const scale = baseline && createScale(baseline);
  const caption = element('figcaption');
  return {
    elements: scale ? [headline, element('figure', { class: 'values' }, ...scale.elements, caption)] : [headline],
    show({ value }) {
      number.textContent = formatNumber(value);
      number.title = String(value);
      scale?.mark(value);
      if (baseline) caption.textContent = `${toRank(baseline, value)} (${toSummary(baseline, unit)}).`;
    },
    summarise: ({ value }) => withUnit(formatNumber(value), unit),
  };
}

/**
 * Draws the training values over their range, with a line at the predicted value. A value beyond the range has its line
 * at the edge.
 */
function createScale(range: Range) {
  const bars = createDistribution(toEqualBars(toShares(range, bins)));
  const line = element('span', { class: 'mark', 'aria-hidden': 'true' });
  const ends = [range.min, range.max].map((end) => element('span', {}, formatNumber(end)));
  return {
    elements: [
      element('div', { class: 'scale' }, bars.element, line),
      element('div', { class: 'ends', 'aria-hidden': 'true' }, ...ends),
    ],
    mark(value: number) {
      const place = placeIn(range, value);
      line.style.insetInlineStart = `${Math.min(Math.max(place, 0), 1) * 100}%`;
      line.classList.toggle('beyond', place < 0 || place > 1);
    },
  };
}

/**
 * Says which share of the training values is below a value. The deciles give it only to about a percent, so within the
 * range it is at least 1% and at most 99%.
 */
function toRank(range: Range, value: number): string {
  if (value < range.min) return 'Below all of the training values';
  if (value > range.max) return 'Above all of the training values';
  const percent = Math.round(shareBelow(range, value) * 100);
  return `Above about ${Math.min(Math.max(percent, 1), 99)}% of the training values`;
}

function toSummary({ mean, std }: Distribution, unit: string | null): string {
  const [middle, deviation] = formatMeasured(mean, std);
  return `mean ${withUnit(middle, unit)}, standard deviation ${withUnit(deviation, unit)}`;
}
