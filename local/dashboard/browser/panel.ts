import { element } from '../../../functions/playground/element.ts';
import type { Board, Panel } from '../board.ts';
import { drawAlarms } from './alarms.ts';
import { createChart } from './chart.ts';
import { drawBars, drawFigures } from './figures.ts';

/** A widget on the page. */
export interface PanelView {
  readonly element: HTMLElement;
  update(panel: Panel, board: Board): void;
}

/** Creates the view of a panel. `top` is the row of the grid in which the first panel begins. */
export function createPanel({ title, place, content }: Panel, top: number): PanelView {
  const body = element('div', { class: 'body' });
  const problems = element('p', { class: 'aside' });
  const root = element('section', { class: `of-${content.kind}` }, element('h2', {}, title), body, problems);
  root.style.gridArea = `${place.y - top + 1} / ${place.x + 1} / span ${place.height} / span ${place.width}`;
  const chart = content.kind === 'chart' ? createChart(title) : undefined;
  if (chart) body.append(chart.element);
  return {
    element: root,
    update(panel, board) {
      problems.textContent = panel.problems.join(' ');
      if (panel.content.kind === 'chart') chart?.update(panel.content.chart, board);
      else body.replaceChildren(...draw(panel, board));
    },
  };
}

/** Draws the content of a panel that is not a chart. Each update draws it again. */
function draw({ content }: Panel, board: Board): HTMLElement[] {
  if (content.kind === 'alarms') return [drawAlarms(content.alarms, board)];
  if (content.kind === 'figures') return [drawFigures(content.figures)];
  if (content.kind !== 'bars') return [];
  if (content.bars.length > 0) return [drawBars(content.bars)];
  return [element('p', { class: 'aside' }, 'No data in this time')];
}
