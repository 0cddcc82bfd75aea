import { element } from '../../../functions/playground/element.ts';
import type { Chart } from '../board.ts';
import { formatNumber } from './format.ts';

interface Legend {
  readonly element: HTMLElement;
  /** Shows the values of a period, or the last values if no period is chosen. */
  show(chart: Chart, period: number | null | undefined): void;
}

export function createLegend({ series, thresholds }: Chart): Legend {
  const values = series.map(() => element('span', { class: 'value' }));
  const items = series.map(({ label }, index) =>
    element('li', {}, element('i', { class: `series-${index}` }), `${label} `, values[index] ?? ''),
  );
  const levels = thresholds.map(({ label, value, color }) =>
    element('li', { class: color ? 'level wrong' : 'level' }, element('i'), `${label} above ${formatNumber(value)}`),
  );
  return {
    element: element('ul', { class: 'legend' }, ...items, ...levels),
    show(chart, period) {
      for (const [index, line] of chart.series.entries()) {
        const value = period == null ? line.values.findLast((some) => some !== null) : line.values[period];
        const place = values[index];
        if (place) place.textContent = formatNumber(value);
      }
    },
  };
}
