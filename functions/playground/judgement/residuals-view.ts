import { targetsOf } from '../../core/model/outputs.ts';
import { element } from '../element.ts';
import { type Bar, createDistribution } from '../form/distribution.ts';
import { formatMeasured, formatNumber } from '../format.ts';
import { type Prediction, type PublicManifest, withUnit } from '../model.ts';

export interface ResidualsView {
  readonly element: HTMLElement;
  show(prediction: Prediction): void;
}

/** Shows how far predictions were off, and what that says about the present one. Undefined if that was not measured. */
export function createResidualsView(manifest: PublicManifest): ResidualsView | undefined {
  const { residuals } = manifest.metrics;
  if (!residuals) return undefined;
  const unit = targetsOf(manifest)[0]?.unit ?? null;
  const { deciles, mean, std } = residuals;
  const [low = 0, high = 0] = [deciles[0], deciles.at(-1)];
  const range = element('p', {});
  const ends = [low, high].map((end) => element('span', {}, withUnit(formatNumber(end), unit)));
  const [middle, deviation] = formatMeasured(mean, std);
  return {
    element: element(
      'div',
      { class: 'residuals' },
      element('h3', {}, 'How far off the predictions were'),
      range,
      element(
        'figure',
        {},
        createDistribution(toBars(deciles)).element,
        element('div', { class: 'ends' }, ...ends),
        element(
          'figcaption',
          {},
          `Actual minus predicted value, for the middle 80% of the rows. Each bar is a tenth of all rows. Mean ${withUnit(middle, unit)}, standard deviation ${withUnit(deviation, unit)}. ${manifest.metrics.protocol}.`,
        ),
      ),
    ),
    show(prediction) {
      if (!('value' in prediction)) return;
      const [from, to] = [low, high].map((residual) => formatNumber(prediction.value + residual));
      range.textContent = `If this prediction is as close as those of the middle 80% of the rows, the actual value is between ${from} and ${withUnit(to ?? '', unit)}.`;
    },
  };
}

/** A bar for each tenth of the rows. The narrower it is, the higher, so that all have the same area. */
function toBars(deciles: readonly number[]): Bar[] {
  const [first = 0, last = 1] = [deciles[0], deciles.at(-1)];
  const width = last - first || 1;
  return deciles.slice(1).map((to, index) => {
    const from = deciles[index] ?? to;
    const size = Math.max((to - from) / width, 0.002);
    const start = (from - first) / width;
    return { from: start, to: start + Math.max(size - 0.004, 0.002), share: 1 / size };
  });
}
