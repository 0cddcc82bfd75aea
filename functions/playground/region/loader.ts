import { type Api, Refusal } from '../api.ts';
import { afterPause, createLatest } from '../latest.ts';
import type { Row } from '../model.ts';
import { type Grid, type Mapped, type Plane, toGrid, toGridRows } from './grid.ts';

/** The most numbers in a request for the map and its answer. More would be slow on a phone. */
const mostNumbers = 60_000;

/**
 * The most rows that a request for the map may have. They are fewer if a row has many values, or its answer many
 * numbers.
 */
export function toMostRows({ features, ...manifest }: Mapped): number {
  return Math.floor(mostNumbers / (features.length + ('classes' in manifest ? manifest.classes.length : 1)));
}

/** The number of grid points along a side. */
function sizeOf(manifest: Mapped): number {
  return Math.min(41, Math.max(11, Math.floor(Math.sqrt(toMostRows(manifest)))));
}

/**
 * Returns a function that requests a new grid when the features along the sides, or the values of the other features,
 * have changed and then rest.
 */
export function createLoader(
  manifest: Mapped,
  names: readonly string[],
  api: Api,
  onGrid: (grid: Grid) => void,
  onProblem: (text: string) => void,
): (row: Row, plane: Plane) => void {
  const size = sizeOf(manifest);
  let wanted = '';
  const run = createLatest(
    async ({ row, plane }: { row: Row; plane: Plane }) => {
      const { predictions } = await api.probe(toGridRows(row, plane, manifest.features, size));
      return toGrid(predictions, names, size);
    },
    {
      onAnswer: onGrid,
      onError: (error) => {
        wanted = '';
        if (error instanceof Refusal) onProblem(`The map is ${size * size} rows in one request. ${error.message}.`);
      },
    },
    100,
  );
  const runAfterPause = afterPause(160, run);
  return (row, plane) => {
    const held = row.map((value, index) => (index === plane.x || index === plane.y ? 0 : value));
    const key = JSON.stringify([plane, held]);
    if (key === wanted) return;
    wanted = key;
    runAfterPause({ row, plane });
  };
}
