import { element } from '../element.ts';
import { formatName, formatNumber, formatShare } from '../format.ts';

/** Numbers by name. */
export type Numbers = readonly (readonly [name: string, number: number])[];

/** How long bars are, and what stands beside them. */
export interface Measure {
  /** Said of the list. */
  readonly name: string;
  /** Whether a bar goes to the left of the middle where its number is below 0. */
  readonly isSigned: boolean;
  format(number: number): string;
  /** As a share of the whole length to one side. */
  toLength(number: number): number;
}

/** Shares of a whole. */
export const shares: Measure = {
  name: 'Probabilities',
  isSigned: false,
  format: formatShare,
  toLength: (share) => share,
};

/** Numbers without a bound: the largest one seen is as long as a bar can be. */
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

/** As many bars in a list as there are numbers. */
export function createBars(measure: Measure) {
  const className = measure.isSigned ? 'bars signed' : 'bars';
  const list = element('ul', { class: className, 'aria-label': measure.name });
  const bars: ReturnType<typeof createBar>[] = [];
  return {
    element: list,
    show(numbers: Numbers, label: string | null): void {
      while (bars.length < numbers.length) bars.push(createBar(measure));
      // First, as the longest is known only then.
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
