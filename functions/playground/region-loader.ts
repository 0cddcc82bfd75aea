import { type Api, Refusal } from './api.ts';
import { afterPause, createLatest } from './latest.ts';
import type { Row } from './model.ts';
import { type Grid, type Mapped, type Plane, toGrid, toGridRows } from './region-grid.ts';

/** A coarser grid of many features: a request of some hundred kilobytes would be slow on a telephone. */
const sizeOf = (features: number) => (features <= 12 ? 41 : 25);

/** Asks for the grid once the values that it holds rest at others. */
export function createLoader(
  { features }: Mapped,
  names: readonly string[],
  api: Api,
  onGrid: (grid: Grid) => void,
  onProblem: (text: string) => void,
): (row: Row, plane: Plane) => void {
  const size = sizeOf(features.length);
  let wanted = '';
  const run = createLatest(
    async ({ row, plane }: { row: Row; plane: Plane }) => {
      const { predictions } = await api.probe(toGridRows(row, plane, features, size));
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
