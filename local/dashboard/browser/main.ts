import { element } from '../../../functions/playground/element.ts';
import type { Board, Panel } from '../board.ts';
import { createHead } from './head.ts';
import { createPanel, type PanelView } from './panel.ts';

const everyMs = 2000;
const head = createHead();
const grid = element('main');
const foot = element('footer', { class: 'aside' });
document.body.append(head.element, grid, foot);

let shown: { readonly key: string; readonly views: readonly PanelView[] } = { key: '', views: [] };

function show(board: Board): void {
  head.update(board);
  const key = JSON.stringify(board.panels.map(toKey));
  if (key !== shown.key) {
    const top = Math.min(...board.panels.map(({ place }) => place.y));
    shown = { key, views: board.panels.map((panel) => createPanel(panel, top)) };
    grid.replaceChildren(...shown.views.map((view) => view.element));
  }
  for (const [index, panel] of board.panels.entries()) shown.views[index]?.update(panel, board);
  const unmeasured = board.unmeasured.join(', ');
  foot.textContent = `Costs are computed from AWS's list prices and the times of this machine. Only AWS can measure: ${unmeasured}.`;
}

function toKey({ title, place, content }: Panel): unknown {
  return [title, place, content.kind];
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch('/dashboard/data');
    if (!response.ok) throw new Error(`The dashboard cannot be drawn: ${await response.text()}`);
    show(await response.json());
    head.complain('');
  } catch (error) {
    head.complain(error instanceof TypeError ? 'The server does not answer.' : (error as Error).message);
  }
  setTimeout(() => void refresh(), everyMs);
}

// Makes the next refresh build the page again, because charts keep the colours with which they were created.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  shown = { key: '', views: [] };
});
void refresh();
