import { createBars } from '../answer/bars.ts';
import { element, svg } from '../element.ts';
import type { Value } from '../model.ts';
import { type Curve, type Mark, toRange } from './sweep-curve.ts';
import type { Axis } from './sweep-values.ts';

/** Draws a line over numbers and times, and a bar for each category. */
export function createSweepPlot(onValue: (value: number) => void) {
  let axis: Axis | undefined;
  const line = createLinePlot((place) => {
    const value = axis?.at(place);
    if (value !== undefined) onValue(value);
  });
  const bars = element('div');
  return {
    elements: [line.element, bars],
    show(curve: Curve, mark: Mark) {
      axis = curve.sweep.axis;
      line.element.hidden = !axis;
      if (axis) line.show(curve, mark, axis);
      bars.replaceChildren(...(axis ? [] : [toBars(curve, mark)]));
    },
  };
}

function createLinePlot(onPlace: (place: number) => void) {
  const path = svg('path', { class: 'sweep-line', 'vector-effect': 'non-scaling-stroke' });
  const picture = svg('svg', { viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, path);
  const dot = element('span', { class: 'sweep-dot', 'aria-hidden': 'true' });
  const area = element('div', { class: 'sweep-area' }, picture, dot);
  const [top, bottom, first, last] = [element('span'), element('span'), element('span'), element('span')];
  followAcross(area, onPlace);
  return {
    element: element(
      'div',
      { class: 'sweep-plot' },
      element('div', { class: 'sweep-scale', 'aria-hidden': 'true' }, top, bottom),
      area,
      element('div', { class: 'ends', 'aria-hidden': 'true' }, first, last),
    ),
    show(curve: Curve, mark: Mark, axis: Axis) {
      const { subject } = curve;
      const [low, high] = toRange(curve, mark);
      const height = (number: number) => 1 - (number - low) / (high - low || 1);
      const steps = toPoints(curve, mark, axis).map(([place, number]) => `${place * 1000},${height(number) * 1000}`);
      path.setAttribute('d', `M${steps.join('L')}`);
      const across = axis.place(mark.value);
      dot.hidden = across === undefined || !Number.isFinite(mark.number);
      dot.style.insetInlineStart = `${(across ?? 0) * 100}%`;
      dot.style.insetBlockStart = `${height(mark.number) * 100}%`;
      [top.textContent, bottom.textContent] = [subject.format(high), subject.format(low)];
      [first.textContent, last.textContent] = axis.ends;
    },
  };
}

/**
 * The points of the line. The mark is one of them: the line would miss it if the model's answer jumps between two
 * points.
 */
function toPoints({ sweep, numbers }: Curve, { value, number }: Mark, axis: Axis): (readonly [number, number])[] {
  const points = numbers.map((one, index) => [axis.place(sweep.values[index] ?? null) ?? 0, one] as const);
  const place = axis.place(value);
  if (place === undefined || !Number.isFinite(number)) return points;
  return [...points, [place, number] as const].toSorted(([a], [b]) => a - b);
}

/** Calls `onPlace` with the place under a pressed pointer, from 0 to 1 to the right. */
function followAcross(area: HTMLElement, onPlace: (place: number) => void): void {
  const follow = ({ clientX }: PointerEvent) => {
    const { left, width } = area.getBoundingClientRect();
    onPlace(Math.min(1, Math.max(0, (clientX - left) / width)));
  };
  area.addEventListener('pointerdown', (event) => {
    area.setPointerCapture(event.pointerId);
    follow(event);
  });
  area.addEventListener('pointermove', (event) => {
    if (area.hasPointerCapture(event.pointerId)) follow(event);
  });
}

function toBars(curve: Curve, mark: Mark): HTMLElement {
  const { sweep, numbers, subject } = curve;
  const [low, high] = toRange(curve, mark);
  const isSigned = low < 0;
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const toLength = (number: number) => Math.abs(number) / most;
  const bars = createBars({ name: 'The answer by category', isSigned, format: subject.format, toLength });
  const named = sweep.values.map((value, index) => [toText(value), numbers[index] ?? Number.NaN] as const);
  bars.show(named, toText(mark.value));
  return bars.element;
}

function toText(value: Value): string {
  return value === null ? 'no value' : String(value);
}
