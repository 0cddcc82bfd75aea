import type { Cut } from './region-cut.ts';
import { type Grid, numbersAt } from './region-grid.ts';

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

/** Where the name of a part can stand: its point nearest to its middle, from 0 to 1; none where it has hardly any. */
export function toLabelPlace({ size, parts }: Regions, wanted: number): { x: number; y: number } | undefined {
  const points = Array.from(parts.keys()).filter((index) => parts[index] === wanted);
  if (points.length < parts.length / 40) return undefined;
  const at = (index: number) => ({ x: index % size, y: Math.floor(index / size) });
  const middle = { x: mean(points.map((index) => at(index).x)), y: mean(points.map((index) => at(index).y)) };
  const off = (index: number) => (at(index).x - middle.x) ** 2 + (at(index).y - middle.y) ** 2;
  const nearest = points.reduce((best, index) => (off(index) < off(best) ? index : best));
  return { x: (at(nearest).x + 0.5) / size, y: (at(nearest).y + 0.5) / size };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Colours {
  readonly answer: Colour;
  readonly other: Colour;
  readonly line: Colour;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** The answer's region in its colour, the others in another, with a line between two; all alike where none is the answer's. */
export function paintRegions(
  canvas: HTMLCanvasElement,
  regions: Regions,
  answer: number | undefined,
  colours: Colours,
): void {
  const { size, parts, strengths } = regions;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(size, size);
  for (const index of parts.keys()) {
    const isAnswer = answer === undefined || parts[index] === answer;
    const colour = isAnswer ? colours.answer : colours.other;
    const strength = (strengths[index] ?? 0) * (isAnswer ? 0.6 : 0.22);
    image.data.set(isBorder(regions, index) ? [...colours.line, 255] : [...colour, strength * 255], index * 4);
  }
  context.putImageData(image, 0, 0);
}

function isBorder({ size, parts }: Regions, index: number): boolean {
  const here = parts[index];
  const isLastColumn = index % size === size - 1;
  return (!isLastColumn && parts[index + 1] !== here) || (parts[index + size] ?? here) !== here;
}
