import { svg } from '../element.ts';

const height = 24;

/** A bar between two places from 0 to 1. Its height is in proportion to `share`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Bars that show how values spread. One bar can be marked, so that it stands out. */
export interface Distribution {
  readonly element: SVGSVGElement;
  /** Marks the bar at a place from 0 to 1, or none. */
  mark(place: number | undefined): void;
}

/** Draws the bars. Screen readers skip them, because the page says the same elsewhere in numbers. */
export function createDistribution(bars: readonly Bar[]): Distribution {
  const tallest = Math.max(...bars.map(({ share }) => share)) || 1;
  const shapes = bars.map(({ from, to, share }) => {
    const size = share > 0 ? Math.max(1, (share / tallest) * height) : 0;
    return svg('rect', { x: from * 1000, width: (to - from) * 1000, y: height - size, height: size });
  });
  const chart = svg(
    'svg',
    { class: 'distribution', viewBox: `0 0 1000 ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...shapes,
  );
  const mark = (place = -1) => {
    const marked = place > 1 ? -1 : bars.findLastIndex(({ from }) => from <= place + 1e-9);
    for (const [index, shape] of shapes.entries()) shape.classList.toggle('marked', index === marked);
  };
  return { element: chart, mark };
}

/** Bars of the same width, side by side. */
export function toEqualBars(shares: readonly number[]): Bar[] {
  const gap = 0.12 / shares.length;
  return shares.map((share, index) => ({ from: index / shares.length, to: (index + 1) / shares.length - gap, share }));
}

/** Bars as wide as their shares, side by side. */
export function toStrip(shares: readonly number[]): Bar[] {
  const gap = 0.006;
  let start = 0;
  return shares.map((share) => {
    const from = start;
    start += share;
    return { from, to: Math.max(from, start - gap), share: 1 };
  });
}

/** Bars around the places that they stand for. The first place is 0 and the last is 1. */
export function toCentredBars(shares: readonly number[]): Bar[] {
  const distance = 1 / Math.max(1, shares.length - 1);
  const half = Math.min(distance * 0.4, 0.012);
  return shares.map((share, index) => ({ from: index * distance - half, to: index * distance + half, share }));
}
