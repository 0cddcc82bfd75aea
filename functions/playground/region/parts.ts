import type { Cut } from './cut.ts';
import { type Grid, numbersAt } from './grid.ts';

/** Which part of the map each point of a square of `size` points is in. */
export interface Regions {
  readonly size: number;
  /** The part of each point, from the upper left. */
  readonly parts: Uint16Array;
  /** How strongly it is painted. */
  readonly strengths: Float32Array;
}

export function toRegions(grid: Grid, size: number, cut: Cut): Regions {
  const parts = new Uint16Array(size * size);
  const strengths = new Float32Array(size * size);
  for (let index = 0; index < parts.length; index++) {
    const right = (index % size) / (size - 1);
    const down = Math.floor(index / size) / (size - 1);
    const { part, strength } = cut.place(numbersAt(grid, right, down));
    parts[index] = part;
    strengths[index] = strength;
  }
  return { size, parts, strengths };
}

/** Points looked at along a side to find a place for a name. */
const looked = 35;
/** A name is so many times as wide as it is high. */
const flatness = 3;

/** Where the name of a part has most room, from 0 to 1; none where there is hardly any of the part. */
export function toLabelPlace({ size, parts }: Regions, wanted: number): { x: number; y: number } | undefined {
  const points = Array.from({ length: looked ** 2 }, (_, index) => {
    const [x, y] = [index % looked, Math.floor(index / looked)].map((at) => Math.floor(((at + 0.5) * size) / looked));
    return { x: x ?? 0, y: y ?? 0 };
  });
  const isInside = ({ x, y }: Point) => parts[y * size + x] === wanted;
  const inside = points.filter(isInside);
  if (inside.length < points.length / 40) return undefined;
  const outside = points.filter((point) => !isInside(point));
  const roomOf = ({ x, y }: Point) => {
    const others = outside.map((other) => ({ x: other.x - x, y: other.y - y }));
    const edges = [x, size - x]
      .map((right) => ({ x: right, y: 0 }))
      .concat([y, size - y].map((down) => ({ x: 0, y: down })));
    return toRoom([...others, ...edges]);
  };
  const [best] = inside.map((point) => ({ point, room: roomOf(point) })).toSorted((a, b) => b.room - a.room);
  return best && { x: best.point.x / size, y: best.point.y / size };
}

/** How high a name can be that has others so far to its right and down; of two places with room for it, rather the middle. */
function toRoom(others: readonly Point[]): number {
  const heights = others.map(({ x, y }) => Math.max(Math.abs(x) / flatness, Math.abs(y)));
  return Math.min(...heights) + Math.min(...others.map(({ x, y }) => Math.hypot(x, y))) / 10;
}

interface Point {
  readonly x: number;
  readonly y: number;
}
