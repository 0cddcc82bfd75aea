import { svg } from '../element.ts';
import { formatNumber } from '../format.ts';
import { type Feature, type RangedFeature, type Row, toWords, withUnit } from '../model.ts';
import type { Plane } from './grid.ts';

/** The layout of the picture in its own units. The regions lie under the inner square. */
export const frame = { width: 400, height: 374, left: 54, top: 6, inner: 340 };

const bottom = frame.top + frame.inner;

/** Draws the training ranges of both features, with a tick at each decile: that shows where the training data lies. */
export function toAxes(features: readonly Feature[], { x, y }: Plane): SVGElement[] {
  const [across, up] = [features[x], features[y]] as [RangedFeature, RangedFeature];
  const border = svg('rect', { x: frame.left, y: frame.top, width: frame.inner, height: frame.inner, class: 'border' });
  const ticksAcross = across.baseline.deciles.map((value) => {
    const at = frame.left + placeOf(across, value) * frame.inner;
    return svg('line', { x1: at, x2: at, y1: bottom, y2: bottom - 7 });
  });
  const ticksUp = up.baseline.deciles.map((value) => {
    const at = bottom - placeOf(up, value) * frame.inner;
    return svg('line', { y1: at, y2: at, x1: frame.left, x2: frame.left + 7 });
  });
  return [border, ...ticksAcross, ...ticksUp, ...toNamesAcross(across), ...toNamesUp(up)];
}

function toNamesAcross({ name, unit, baseline: { min, max } }: RangedFeature): SVGElement[] {
  const y = bottom + 18;
  return [
    svg('text', { x: frame.left, y }, toEnd(min)),
    svg('text', { x: frame.left + frame.inner / 2, y, class: 'middle name' }, toTitle(name, unit)),
    svg('text', { x: frame.left + frame.inner, y, class: 'end' }, toEnd(max)),
  ];
}

function toNamesUp({ name, unit, baseline: { min, max } }: RangedFeature): SVGElement[] {
  const x = frame.left - 8;
  const middle = frame.top + frame.inner / 2;
  const turned = `rotate(-90 ${x - 8} ${middle})`;
  return [
    svg('text', { x, y: bottom, class: 'end' }, toEnd(min)),
    svg('text', { x: x - 8, y: middle, class: 'middle name', transform: turned }, toTitle(name, unit)),
    svg('text', { x, y: frame.top + 11, class: 'end' }, toEnd(max)),
  ];
}

/** Writes large numbers shortly, such as 12.3K, because there is little room beside the map. */
function toEnd(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000 || size >= 1e15) return formatNumber(value);
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
    .format(value)
    .replace('-', '\u2212');
}

function toTitle(name: string, unit: string | null): string {
  return [toWords(name), unit].filter(Boolean).join(', ');
}

/** The place of a value: 0 to 1 within the training range. */
function placeOf({ baseline: { min, max } }: RangedFeature, value: number): number {
  return max > min ? (value - min) / (max - min) : 0.5;
}

/**
 * Moves the point to the row's place. A point beyond the training range is at the edge, and hollow. A row without
 * numbers for both sides has no point.
 */
export function placePoint(point: SVGElement, row: Row, features: readonly Feature[], plane: Plane): void {
  const [x, y] = [plane.x, plane.y].map((index) => {
    const value = row[index];
    return typeof value === 'number' ? placeOf(features[index] as RangedFeature, value) : undefined;
  });
  point.setAttribute('visibility', x === undefined || y === undefined ? 'hidden' : 'visible');
  if (x === undefined || y === undefined) return;
  const inside = [x, y].map((place) => Math.min(1, Math.max(0, place))) as [number, number];
  point.setAttribute('cx', String(frame.left + inside[0] * frame.inner));
  point.setAttribute('cy', String(bottom - inside[1] * frame.inner));
  point.classList.toggle('beyond', inside[0] !== x || inside[1] !== y);
}

/** Calls `onPlace` with the place under a pressed pointer: from 0 to 1 to the right, and from 0 to 1 upwards. */
export function followPointer(picture: SVGSVGElement, onPlace: (right: number, up: number) => void): void {
  const follow = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width } = picture.getBoundingClientRect();
    const scale = frame.width / width;
    const right = ((clientX - left) * scale - frame.left) / frame.inner;
    const up = (bottom - (clientY - top) * scale) / frame.inner;
    onPlace(Math.min(1, Math.max(0, right)), Math.min(1, Math.max(0, up)));
  };
  picture.addEventListener('pointerdown', (event) => {
    picture.setPointerCapture(event.pointerId);
    follow(event);
  });
  picture.addEventListener('pointermove', (event) => {
    if (picture.hasPointerCapture(event.pointerId)) follow(event);
  });
}

/** More values could not be read at a glance. */
const mostHeld = 4;

/** Describes the values of the other features, which are the same all over the map. */
export function toHeld(row: Row, features: readonly Feature[], { x, y }: Plane): string {
  const held = features.flatMap(({ name, unit }, index) => {
    const value = row[index] ?? null;
    if (index === x || index === y) return [];
    const text = value === null ? 'no value' : typeof value === 'number' ? formatNumber(value) : String(value);
    return [`${toWords(name)} ${withUnit(text, unit)}`];
  });
  if (held.length > mostHeld) return `The ${held.length} other inputs are as above. `;
  return held.length > 0 ? `At ${held.join(', ')}. ` : '';
}
