import { readFile, writeFile } from 'node:fs/promises';
import type { Figure } from './figures.ts';

/** The ratios of the last full run, which a quick one is held against. */
const file = 'bench/expected.json';

/** How far a ratio may be off: machines differ, and a regression that matters is larger. */
const margin = 2;

export async function writeExpected(figures: readonly Figure[]): Promise<void> {
  const ratios = figures.map(({ id, ratio }) => [id, Number(ratio.median.toPrecision(3))]);
  await writeFile(file, `${JSON.stringify(Object.fromEntries(ratios), null, 2)}\n`);
}

/** What is worse than it was, and than its target, by more than the margin. */
export async function findRegressions(figures: readonly Figure[]): Promise<string[]> {
  const expected = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  return figures.flatMap((figure) => problemWith(figure, expected[figure.id]) ?? []);
}

function problemWith({ id, ratio, target, higherIsBetter }: Figure, before: number | undefined): string | undefined {
  const known = [before, target].filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const bound = higherIsBetter ? Math.min(...known) / margin : Math.max(...known) * margin;
  if (higherIsBetter ? ratio.median >= bound : ratio.median <= bound) return undefined;
  return `${id}: ${ratio.median.toFixed(2)}, expected at ${higherIsBetter ? 'least' : 'most'} ${bound.toFixed(2)}`;
}
