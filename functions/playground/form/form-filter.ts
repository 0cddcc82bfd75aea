import { element } from '../element.ts';
import { formatCount } from '../format.ts';
import { type Feature, toWords } from '../model.ts';

/**
 * As many inputs as fit a screen. If there are more, the others are hidden until they are searched for or all are asked
 * for.
 */
const mostShown = 16;

export interface FormFilter {
  readonly before: readonly HTMLElement[];
  readonly after: readonly HTMLElement[];
  arrange(order: readonly number[]): void;
}

/** A search for the inputs of a model that takes many of them. */
export function createFormFilter(features: readonly Feature[], controls: readonly HTMLElement[]): FormFilter {
  if (features.length <= mostShown) return { before: [], after: [], arrange: () => undefined };
  const label = `Find one of ${formatCount(features.length)} inputs`;
  const search = element('input', { type: 'search', placeholder: label, 'aria-label': label, autocomplete: 'off' });
  const found = element('p', { class: 'aside', role: 'status' });
  const more = element('button', { type: 'button', 'aria-expanded': 'false' });
  const isExpanded = () => more.getAttribute('aria-expanded') === 'true';
  let order: readonly number[] = features.map((_, index) => index);

  const show = () => {
    const wanted = toKey(search.value);
    const matches = order.filter((index) => toKey(features[index]?.name ?? '').includes(wanted));
    const shown = new Set(wanted === '' && !isExpanded() ? matches.slice(0, mostShown) : matches);
    for (const [index, control] of controls.entries()) control.hidden = !shown.has(index);
    found.textContent = wanted === '' ? '' : `${formatCount(shown.size)} found`;
    more.hidden = wanted !== '';
    more.textContent = isExpanded() ? `The first ${mostShown}` : `All ${formatCount(features.length)} inputs`;
  };
  search.addEventListener('input', show);
  more.addEventListener('click', () => {
    more.setAttribute('aria-expanded', String(!isExpanded()));
    show();
  });
  show();
  return {
    before: [element('div', { class: 'search' }, search, found)],
    after: [more],
    arrange(wanted) {
      order = wanted;
      show();
    },
  };
}

function toKey(text: string): string {
  return toWords(text).toLowerCase();
}
