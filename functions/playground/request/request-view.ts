import type { Timing } from '../api.ts';
import { element, section } from '../element.ts';
import { formatMs } from '../format.ts';
import type { Feature, Row } from '../model.ts';
import { toSnippets } from './snippets.ts';

export interface RequestView {
  readonly element: HTMLElement;
  show(row: Row): void;
  /** Shows how long the last answer took. */
  showTiming(timing: Timing): void;
}

/** Shows the request as code to copy, in several languages. */
export function createRequestView(url: string, features: readonly Feature[]): RequestView {
  let snippets = toSnippets(url, features, []);
  const names = Object.keys(snippets);
  let chosen = names[0] ?? '';
  const code = element('code', {});
  const panel = element('pre', { role: 'tabpanel', id: 'request-code', tabindex: 0 }, code);
  const tabs = names.map((name) =>
    element('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': panel.id }, name),
  );
  const copy = element('button', { type: 'button', class: 'copy' }, 'Copy');

  const show = () => {
    code.textContent = snippets[chosen] ?? '';
    panel.setAttribute('aria-labelledby', `tab-${chosen}`);
    for (const tab of tabs) {
      const isChosen = tab.textContent === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
  };
  const choose = (index: number) => {
    const tab = tabs[(index + tabs.length) % tabs.length];
    chosen = tab?.textContent ?? chosen;
    show();
    tab?.focus();
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(index));
    tab.addEventListener('keydown', ({ key }) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (by) choose(index + by);
    });
  }
  copy.addEventListener('click', () => void copyCode(copy, code));
  show();
  const timing = element('p', { class: 'timing' });
  const list = element('div', { role: 'tablist', 'aria-label': 'Language' }, ...tabs);
  return {
    element: section('request', 'This request as code', element('div', { class: 'tabs' }, list, copy), panel, timing),
    show(row) {
      snippets = toSnippets(url, features, row);
      show();
    },
    showTiming: (measured) => timing.replaceChildren(...toTimingText(measured)),
  };
}

async function copyCode(button: HTMLButtonElement, code: HTMLElement): Promise<void> {
  const copied = await navigator.clipboard.writeText(code.textContent ?? '').then(
    () => true,
    () => false,
  );
  // If the page may not write to the clipboard, the code is selected, so that a key press copies it.
  if (!copied) getSelection()?.selectAllChildren(code);
  button.textContent = copied ? 'Copied' : 'Selected';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
}

function toTimingText({ stages, roundTripMs }: Timing): readonly (string | Node)[] {
  const trip = `${formatMs(roundTripMs)} ms there and back.`;
  if (stages.size === 0) return [trip];
  const total = Array.from(stages.values()).reduce((sum, ms) => sum + ms, 0);
  const parts = Array.from(stages, ([name, ms]) => `${name} ${formatMs(ms)}`).join(', ');
  return [element('b', {}, `${formatMs(total)} ms`), ` on the server (${parts}), ${trip}`];
}
