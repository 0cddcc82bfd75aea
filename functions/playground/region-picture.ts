import { type Grid, probabilitiesAt } from './region-grid.ts';

/** Where each class is the most probable one, on a square of `size` points. */
export interface Regions {
  readonly size: number;
  /** The class of each point, from the upper left. */
  readonly classes: Uint16Array;
  /** How probable it is there. */
  readonly shares: Float32Array;
}

export function toRegions(grid: Grid, size: number): Regions {
  const classes = new Uint16Array(size * size);
  const shares = new Float32Array(size * size);
  for (let index = 0; index < classes.length; index++) {
    const right = (index % size) / (size - 1);
    const down = Math.floor(index / size) / (size - 1);
    const probabilities = probabilitiesAt(grid, right, down);
    const share = Math.max(...probabilities);
    classes[index] = probabilities.indexOf(share);
    shares[index] = share;
  }
  return { size, classes, shares };
}

/** Where the name of a class can stand: its point nearest to its middle, from 0 to 1; none where it has hardly any. */
export function toLabelPlace({ size, classes }: Regions, wanted: number): { x: number; y: number } | undefined {
  const points = Array.from(classes.keys()).filter((index) => classes[index] === wanted);
  if (points.length < classes.length / 50) return undefined;
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

/** The answer's region in its colour, the others in another; the stronger the surer, with a line between two. */
export function paintRegions(canvas: HTMLCanvasElement, regions: Regions, answer: number, colours: Colours): void {
  const { size, classes, shares } = regions;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(size, size);
  for (const index of classes.keys()) {
    const isAnswer = classes[index] === answer;
    const colour = isAnswer ? colours.answer : colours.other;
    const strength = Math.max(0.04, (shares[index] ?? 0) - 0.3) * (isAnswer ? 0.6 : 0.22);
    image.data.set(isBorder(regions, index) ? [...colours.line, 255] : [...colour, strength * 255], index * 4);
  }
  context.putImageData(image, 0, 0);
}

function isBorder({ size, classes }: Regions, index: number): boolean {
  const here = classes[index];
  const isLastColumn = index % size === size - 1;
  return (!isLastColumn && classes[index + 1] !== here) || (classes[index + size] ?? here) !== here;
}
