import { element } from './element.ts';
import { formatShare } from './format.ts';
import type { Classifier, Prediction } from './model.ts';
import type { PredictionView } from './prediction-view.ts';

/** So many stay where they are; of more, the most probable ones are shown. */
const mostInOrder = 12;
const mostShown = 10;

/** The label, and a bar for each class. */
export function createClassesView({ classes, target }: Classifier): PredictionView {
  const inOrder = classes.length <= mostInOrder;
  const bars = Array.from({ length: inOrder ? classes.length : mostShown }, createBar);
  const rest = element('p', { class: 'aside', hidden: inOrder });
  const headline = element('p', { class: 'headline' });
  const list = element('ul', { class: 'bars', 'aria-label': 'Probabilities' }, ...bars.map((bar) => bar.element));
  return {
    elements: [headline, list, rest],
    caption: target.name,
    show(prediction) {
      if ('value' in prediction) return;
      const shares = Object.entries(prediction.probabilities);
      const shown = inOrder ? shares : shares.toSorted(([, a], [, b]) => b - a).slice(0, bars.length);
      for (const [index, [name, share]] of shown.entries()) bars[index]?.show(name, share, name === prediction.label);
      const left = 1 - shown.reduce((sum, [, share]) => sum + share, 0);
      rest.textContent = `${classes.length - shown.length} other classes together: ${formatShare(Math.max(0, left))}`;
      headline.replaceChildren(prediction.label);
    },
    summarise,
  };
}

function summarise(prediction: Prediction): string {
  if ('value' in prediction) return '';
  return `${prediction.label} ${formatShare(prediction.probabilities[prediction.label] ?? 0)}`;
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
