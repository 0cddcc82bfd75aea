import { element } from '../element.ts';
import { formatName } from '../format.ts';
import { createBars, type Measure, type Numbers, shares } from './bars.ts';
import type { Part } from './part.ts';
import type { PartView } from './prediction-view.ts';

/**
 * Up to this many classes are shown in the model's order. If there are more, they are shown best first, and only the
 * best of them until all are asked for.
 */
const mostInOrder = 12;
const mostShown = 10;

/** How classes compare. */
export interface Comparison {
  /** The classes that have a number, in the model's order. */
  readonly names: readonly string[];
  readonly measure: Measure;
  /** Whether the smallest number is that of the answer, as with distances. */
  readonly isBestLeast: boolean;
  /** Says what the numbers are; empty if that is clear. */
  readonly note: string;
}

/** Shows the label after its prefix, its probability if there is one, and a bar for each class that has a number. */
export function createClassesView(comparison: Comparison | undefined, prefix: string): PartView {
  const name = element('strong');
  const odds = element('span', { class: 'odds' });
  const headline = element('p', { class: 'headline' }, prefix, name, ' ', odds);
  const bars = comparison && createComparedBars(comparison);
  return {
    elements: [headline, ...(bars?.elements ?? [])],
    show(part) {
      name.textContent = formatName(part.label);
      odds.textContent = comparison?.measure === shares ? shares.format(part.numbers[part.label] ?? 0) : '';
      bars?.show(part);
    },
    summarise({ label, numbers }) {
      const number = numbers[label];
      const title = `${prefix}${formatName(label)}`;
      return number === undefined || !comparison ? title : `${title} · ${comparison.measure.format(number)}`;
    },
  };
}

function createComparedBars({ names, measure, isBestLeast, note }: Comparison) {
  const bars = createBars(measure);
  const inOrder = names.length <= mostInOrder;
  const rest = element('p', { class: 'aside', hidden: inOrder });
  const more = element('button', { type: 'button', hidden: inOrder, 'aria-expanded': 'false' });
  const sign = isBestLeast ? -1 : 1;
  const few = `The ${mostShown} ${isBestLeast ? 'nearest' : measure === shares ? 'most probable' : 'with the highest scores'}`;
  let present: Numbers = [];
  let label = '';

  const draw = () => {
    const showsAll = inOrder || more.getAttribute('aria-expanded') === 'true';
    const sorted = inOrder ? present : present.toSorted(([, a], [, b]) => sign * (b - a));
    const shown = sorted.slice(0, showsAll ? undefined : mostShown);
    bars.show(shown, label);
    rest.textContent = showsAll ? '' : describeRest(names.length - mostShown, shown, measure);
    more.textContent = showsAll ? few : `All ${names.length} classes`;
  };
  more.addEventListener('click', () => {
    more.setAttribute('aria-expanded', String(more.getAttribute('aria-expanded') === 'false'));
    draw();
  });
  return {
    elements: [bars.element, ...(note ? [element('p', { class: 'aside' }, note)] : []), rest, more],
    show(part: Part) {
      label = part.label;
      // In the model's order. In the order of an object's keys, whole numbers would come first.
      present = names.map((name) => [name, part.numbers[name] ?? 0]);
      draw();
    },
  };
}

/** Describes the classes that have no bar: how many there are and, for probabilities, their sum. */
function describeRest(others: number, shown: Numbers, measure: Measure): string {
  if (measure !== shares) return `and ${others} other classes`;
  const left = Math.max(0, 1 - shown.reduce((sum, [, share]) => sum + share, 0));
  return `${others} other classes together: ${measure.format(left)}`;
}
