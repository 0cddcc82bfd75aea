import { element } from '../element.ts';
import type { Push } from './why-pushes.ts';

export interface WhyBar {
  readonly element: HTMLElement;
  /** Nothing is seen of it where there is no push. */
  show(push: Push | undefined): void;
}

/** A bar from the middle to the right where an input adds to the number, to the left where it takes from it. */
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

/** Both from -1 to 1. */
function place({ style }: HTMLElement, from: number, to: number): void {
  style.insetInlineStart = `${50 + from * 50}%`;
  style.inlineSize = `${(to - from) * 50}%`;
}
