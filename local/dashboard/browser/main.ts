import { element } from '../../../functions/playground/element.ts';
import type { Panel } from '../chart.ts';
import { createPlot, type Plot } from './plot.ts';

const everyMs = 2000;
const grid = element('main');
const status = element('p', { class: 'status', role: 'status' });
const note =
  "The widgets of template.yaml's dashboard, drawn from the metrics that this server prints: five minutes, in periods of five seconds.";
document.body.append(element('header', {}, element('h1', {}, 'Local dashboard'), element('p', {}, note), status), grid);

interface Shown {
  readonly key: string;
  readonly plot?: Plot;
}

let shown: readonly Shown[] = [];

/** A panel is made anew where another thing is to be seen in it; else its lines move on. */
function show(panels: readonly Panel[]): void {
  const keys = panels.map(toKey);
  if (keys.join() === shown.map(({ key }) => key).join()) {
    for (const [index, { chart }] of panels.entries()) if (chart) shown[index]?.plot?.update(chart);
    return;
  }
  grid.replaceChildren();
  shown = panels.map((panel, index) => {
    const plot = createPanel(panel);
    return { key: keys[index] ?? '', ...(plot && { plot }) };
  });
}

/** All but the values. */
function toKey({ chart, ...panel }: Panel): string {
  const labels = chart?.series.map(({ label, axis, values }) => [label, axis, values.some((value) => value !== null)]);
  return JSON.stringify([panel, labels, chart?.axes, chart?.thresholds]);
}

function createPanel({ title, place, text, chart, missing }: Panel): Plot | undefined {
  const panel = element('section', {}, element('h2', {}, title));
  panel.style.gridArea = `${place.y + 1} / ${place.x + 1} / span ${place.height} / span ${place.width}`;
  grid.append(panel);
  if (text !== undefined) panel.append(...toParagraphs(text));
  const plot = chart && chart.series.length > 0 ? createPlot(panel, chart) : undefined;
  if (chart && !plot && missing.length === 0)
    panel.append(element('p', { class: 'aside' }, 'Nothing in the last five minutes'));
  if (missing.length > 0) panel.append(element('p', { class: 'aside' }, missing.join(' ')));
  return plot;
}

/** Markdown as its words: the links lead to CloudWatch. */
function toParagraphs(markdown: string): HTMLElement[] {
  const lines = markdown.replace(/\[([^\]]+)\]\([^\n]*?\)(?=[:\s]|$)/g, '$1').split('\n');
  return lines.filter((line) => line.trim()).map((line) => element('p', {}, line.replace(/^#+ |^- /, '')));
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch('/dashboard/data');
    if (!response.ok) throw new Error(`template.yaml cannot be read: ${await response.text()}`);
    show(await response.json());
    status.textContent = '';
  } catch (error) {
    status.textContent = error instanceof TypeError ? 'The server does not answer.' : (error as Error).message;
  }
  setTimeout(() => void refresh(), everyMs);
}

void refresh();
