import { svg } from '../element.ts';

const height = 24;

/** A bar from one place to another of 0 to 1, as high as its share. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Bars that show how values spread; the one at `mark` stands out. */
export interface Distribution {
  readonly element: SVGSVGElement;
  /** A place from 0 to 1, or none. */
  mark(place: number | undefined): void;
}

/** Hidden from those who have the page read aloud: what it shows is said elsewhere in numbers. */
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

/** Side by side, each as wide as the others. */
export function toEqualBars(shares: readonly number[]): Bar[] {
  const gap = 0.12 / shares.length;
  return shares.map((share, index) => ({ from: index / shares.length, to: (index + 1) / shares.length - gap, share }));
}

/** Side by side, each as wide as its share. */
export function toStrip(shares: readonly number[]): Bar[] {
  const gap = 0.006;
  let start = 0;
  return shares.map((share) => {
    const from = start;
    start += share;
    return { from, to: Math.max(from, start - gap), share: 1 };
  });
}

/** Around the places that they stand for, the first of which is 0 and the last 1. */
export function toCentredBars(shares: readonly number[]): Bar[] {
  const distance = 1 / Math.max(1, shares.length - 1);
  const half = Math.min(distance * 0.4, 0.012);
  return shares.map((share, index) => ({ from: index * distance - half, to: index * distance + half, share }));
}
