import type { Results } from '../results.ts';
import { batchFigures } from './batches.ts';
import { coldStartFigures } from './cold-start.ts';
import { costFigures } from './cost.ts';
import type { Figure } from './figure.ts';
import { httpFigures } from './http.ts';
import { sizeFigures } from './size.ts';
import { warmFigures } from './warm.ts';

/** The ratios for which both Sepal and the other system were measured in this run. */
export function toFigures(results: Results): Figure[] {
  const figures = [
    ...coldStartFigures(results),
    ...warmFigures(results),
    ...httpFigures(results),
    ...batchFigures(results),
    ...sizeFigures(results),
    ...costFigures(results),
  ];
  return figures.filter(({ ratio }) => ratio.rounds > 0);
}
