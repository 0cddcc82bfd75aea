import { element } from '../../../functions/playground/element.ts';
import type { Board, Chart } from '../board.ts';
import { formatTime } from './format.ts';
import { createLegend } from './legend.ts';
import { createPlot, type Plot } from './plot.ts';

/**
 * Creates a chart with its unit above and its legend below. It is built again if its lines change, or its first value
 * comes.
 */
export function createChart(title: string): {
  readonly element: HTMLElement;
  update(chart: Chart, board: Board): void;
} {
  const root = element('div', { class: 'chart' });
  let plot: Plot | undefined;
  let latest: { chart: Chart; board: Board };
  let period: number | null | undefined;
  let key = '';
  let tell: () => void = () => undefined;
  const build = ({ chart, board }: typeof latest) => {
    plot?.destroy();
    const place = element('div', {
      class: 'plot',
      role: 'img',
      'aria-label': `${title}: a chart of the values below it`,
    });
    const time = element('span');
    const legend = createLegend(chart);
    root.replaceChildren(element('p', { class: 'unit' }, element('span', {}, chart.unit), time), place, legend.element);
    tell = () => {
      time.textContent = period == null ? '' : formatTime(latest.board.times[period] ?? 0);
      legend.show(latest.chart, period);
    };
    if (isEmpty(chart)) place.append(element('p', { class: 'aside' }, 'No data in this time'));
    plot = createPlot(place, chart, board, (hovered) => {
      period = hovered;
      tell();
    });
  };
  return {
    element: root,
    update(chart, board) {
      latest = { chart, board };
      const next = JSON.stringify([chart.series.map(({ label }) => label), chart.thresholds, isEmpty(chart)]);
      if (next === key) plot?.update(chart, board);
      else build(latest);
      key = next;
      tell();
    },
  };
}

function isEmpty({ series }: Chart): boolean {
  return series.every(({ values }) => values.every((value) => value === null));
}
