import { element } from '../element.ts';
import { formatName, formatNumber, formatShare } from '../format.ts';

/** Numbers by name. */
export type Numbers = readonly (readonly [name: string, number: number])[];

/** How long bars are, and what is written beside them. */
export interface Measure {
  /** The accessible name of the list. */
  readonly name: string;
  /** Whether the bar of a negative number goes to the left of the middle. */
  readonly isSigned: boolean;
  format(number: number): string;
  /** The length of a bar, as a share of the longest possible one. */
  toLength(number: number): number;
}

/** Shares of a whole. */
export const shares: Measure = {
  name: 'Probabilities',
  isSigned: false,
  format: formatShare,
  toLength: (share) => share,
};

/** Creates the measure of numbers without a bound. The largest number that was ever shown has the longest bar. */
export function createScale(name: string, isSigned: boolean, seen: readonly number[]): Measure {
  let largest = Math.max(0, ...seen.map(Math.abs));
  return {
    name,
    isSigned,
    format: formatNumber,
    toLength(number) {
      largest = Math.max(largest, Math.abs(number));
      return largest > 0 ? Math.abs(number) / largest : 0;
    },
  };
}

/** Creates a list with a bar for each number. */
export function createBars(measure: Measure) {
  const className = measure.isSigned ? 'bars signed' : 'bars';
  const list = element('ul', { class: className, 'aria-label': measure.name });
  const bars: ReturnType<typeof createBar>[] = [];
  return {
    element: list,
    show(numbers: Numbers, label: string | null): void {
      while (bars.length < numbers.length) bars.push(createBar(measure));
      // Measured before the bars are drawn, because each number can change the length of all of them.
      for (const [, number] of numbers) measure.toLength(number);
      for (const [index, [name, number]] of numbers.entries()) bars[index]?.show(name, number, name === label);
      if (list.childElementCount !== numbers.length)
        list.replaceChildren(...bars.slice(0, numbers.length).map((bar) => bar.element));
    },
  };
}

function createBar({ isSigned, format, toLength }: Measure) {
  const name = element('span', { class: 'bar-name' });
  const fill = element('span', { class: 'bar-fill' });
  const text = element('span', { class: 'bar-share' });
  const track = element('span', { class: 'bar-track', 'aria-hidden': 'true' }, fill);
  const item = element('li', {}, name, track, text);
  return {
    element: item,
    show(label: string, number: number, isAnswer: boolean) {
      name.textContent = formatName(label);
      name.title = label;
      text.textContent = format(number);
      text.title = String(number);
      const length = toLength(number) * (isSigned ? 50 : 100);
      fill.style.inlineSize = `${length}%`;
      if (isSigned) fill.style.marginInlineStart = `${number < 0 ? 50 - length : 50}%`;
      item.classList.toggle('chosen', isAnswer);
    },
  };
}
