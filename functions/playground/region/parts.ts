import type { Cut } from './cut.ts';
import { type Grid, numbersAt } from './grid.ts';

/** The part of the map that each point is in. The points form a square of `size` by `size`. */
export interface Regions {
  readonly size: number;
  /** The part of each point, from the upper left. */
  readonly parts: Uint16Array;
  /** How strongly each point is painted, from 0 to 1. */
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

/** The number of places along a side that are tried for a name. */
const looked = 35;
/** The width of a name divided by its height. */
const flatness = 3;

/**
 * The place in a part where its name has most room: both coordinates are from 0 to 1. Undefined if the part covers less
 * than a fortieth of the map.
 */
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

/**
 * How much room a name has: how high it can be before it reaches one of the others, which are given by their offsets. A
 * tenth of the distance to the nearest one is added, so that of two places with equal room the one farther from
 * everything wins.
 */
function toRoom(others: readonly Point[]): number {
  const heights = others.map(({ x, y }) => Math.max(Math.abs(x) / flatness, Math.abs(y)));
  return Math.min(...heights) + Math.min(...others.map(({ x, y }) => Math.hypot(x, y))) / 10;
}

interface Point {
  readonly x: number;
  readonly y: number;
}
