import { toName, toNames } from '../core/model/classes.ts';
import { element } from './element.ts';
import { formatShare } from './format.ts';
import type { Classifier, Prediction } from './model.ts';
import type { PredictionView } from './prediction-view.ts';

/** So many stay where they are; of more, the most probable ones are shown, and all if they are asked for. */
const mostInOrder = 12;
const mostShown = 10;

/** The label, and a bar for each class. */
export function createClassesView({ classes, target }: Classifier): PredictionView {
  const names = toNames(classes);
  const headline = element('p', { class: 'headline' });
  const list = element('ul', { class: 'bars', 'aria-label': 'Probabilities' });
  const bars = createBars(list);
  const inOrder = classes.length <= mostInOrder;
  const rest = element('p', { class: 'aside', hidden: inOrder });
  const more = element('button', { type: 'button', hidden: inOrder, 'aria-expanded': 'false' });
  let present: Shares = [];

  const draw = () => {
    const showsAll = inOrder || more.getAttribute('aria-expanded') === 'true';
    const shown = inOrder ? present : present.toSorted(([, a], [, b]) => b - a);
    const left = bars.show(shown.slice(0, showsAll ? undefined : mostShown), headline.textContent);
    rest.textContent = showsAll ? '' : `${classes.length - mostShown} other classes together: ${formatShare(left)}`;
    more.textContent = showsAll ? `The ${mostShown} most probable` : `All ${classes.length} classes`;
  };
  more.addEventListener('click', () => {
    more.setAttribute('aria-expanded', String(more.getAttribute('aria-expanded') === 'false'));
    draw();
  });
  return {
    elements: [headline, list, rest, more],
    caption: target.name,
    show(prediction) {
      if ('value' in prediction) return;
      const { label, probabilities } = prediction;
      headline.textContent = toName(label);
      // Not in the order of the object, in which whole numbers come first.
      present = names.map((name) => [name, probabilities[name] ?? 0]);
      draw();
    },
    summarise,
  };
}

/** Classes with their probabilities. */
type Shares = readonly (readonly [name: string, share: number])[];

/** As many bars in a list as there are shares; `show` returns what they leave of the whole. */
function createBars(list: HTMLElement) {
  const bars: ReturnType<typeof createBar>[] = [];
  return {
    show(shares: Shares, label: string | null): number {
      while (bars.length < shares.length) bars.push(createBar());
      for (const [index, [name, share]] of shares.entries()) bars[index]?.show(name, share, name === label);
      if (list.childElementCount !== shares.length)
        list.replaceChildren(...bars.slice(0, shares.length).map((bar) => bar.element));
      return Math.max(0, 1 - shares.reduce((sum, [, share]) => sum + share, 0));
    },
  };
}

function summarise(prediction: Prediction): string {
  if ('value' in prediction) return '';
  const name = toName(prediction.label);
  return `${name} ${formatShare(prediction.probabilities[name] ?? 0)}`;
}

function createBar() {
  const name = element('span', { class: 'bar-name' });
  const fill = element('span', { class: 'bar-fill' });
  const text = element('span', { class: 'bar-share' });
  const track = element('span', { class: 'bar-track', 'aria-hidden': 'true' }, fill);
  const item = element('li', {}, name, track, text);
  return {
    element: item,
    show(label: string, share: number, isAnswer: boolean) {
      name.textContent = label;
      name.title = label;
      text.textContent = formatShare(share);
      text.title = String(share);
      fill.style.inlineSize = `${share * 100}%`;
      item.classList.toggle('chosen', isAnswer);
    },
  };
}
