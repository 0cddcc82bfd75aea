import type { Regions } from './parts.ts';

export interface Colours {
  readonly answer: Colour;
  readonly other: Colour;
  readonly line: Colour;
}

export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Paints the region of the answer in one colour and the others in another, with lines between regions. Without an
 * answer, all have the same colour.
 */
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
