import { element } from '../element.ts';
import type { Push } from './why-pushes.ts';

export interface WhyBar {
  readonly element: HTMLElement;
  /** Shows a feature's contribution, or hides the bar if there is none. */
  show(push: Push | undefined): void;
}

/**
 * Creates a bar. It goes from the middle to the right if the feature raises the explained number, and to the left if
 * the feature lowers that number.
 */
export function createWhyBar(): WhyBar {
  const fill = element('span', { class: 'why-fill' });
  const whisker = element('span', { class: 'why-error' });
  const track = element('span', { class: 'why-track', 'aria-hidden': 'true' }, fill, whisker);
  const text = element('span', { class: 'why-text' });
  const bar = element('span', { class: 'why-bar', hidden: true }, track, text);
  return {
    element: bar,
    show(push) {
      bar.hidden = !push;
      if (!push) return;
      const { length, error } = push;
      place(fill, Math.min(0, length), Math.max(0, length));
      place(whisker, Math.max(-1, length - error), Math.min(1, length + error));
      whisker.hidden = error === 0;
      bar.dataset.sign = length < 0 ? 'against' : 'for';
      text.replaceChildren(push.text, element('span', { class: 'spoken' }, push.unit));
      bar.title = push.title;
    },
  };
}

/** `from` and `to` are from -1 to 1. */
function place({ style }: HTMLElement, from: number, to: number): void {
  style.insetInlineStart = `${50 + from * 50}%`;
  style.inlineSize = `${(to - from) * 50}%`;
}
