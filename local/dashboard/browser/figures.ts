import { element } from '../../../functions/playground/element.ts';
import type { Figure } from '../board.ts';
import { formatNumber, splitUnit } from './format.ts';

export function drawFigures(figures: readonly Figure[]): HTMLElement {
  const items = figures.map(({ label, value }) => {
    const { name, unit } = splitUnit(label);
    const suffix = value === null || unit === '' ? [] : [element('small', {}, ` ${unit}`)];
    return element('div', {}, element('dt', {}, name), element('dd', {}, formatNumber(value), ...suffix));
  });
  return element('dl', { class: 'figures' }, ...items);
}

/** Draws bars. The length of each is its share of the longest. */
export function drawBars(bars: readonly Figure[]): HTMLElement {
  const values = bars.map(({ value }) => value ?? 0);
  const [most, total] = [Math.max(...values), values.reduce((sum, value) => sum + value, 0)];
  const items = bars.map(({ label, value }, index) => {
    const bar = element('i', { class: `series-${index}` });
    bar.style.inlineSize = `${(100 * (value ?? 0)) / most}%`;
    const share = `${formatNumber((100 * (value ?? 0)) / total)} %`;
    const words = element('span', {}, label);
    return element('li', {}, words, element('b', {}, bar), element('span', {}, `${formatNumber(value)} · ${share}`));
  });
  return element('ul', { class: 'bars' }, ...items);
}
