import { toNames } from '../core/model/classes.ts';
import { type Api, Refusal } from './api.ts';
import { element, section } from './element.ts';
import { afterPause, createLatest } from './latest.ts';
import { type Labeller, type RangedFeature, type Row, toWords } from './model.ts';
import { followPointer, toHeld, valueAt } from './region-axes.ts';
import { chooseAxes, type Plane, toGrid, toGridRows, toSweepRows } from './region-grid.ts';
import { createRegionPlot } from './region-plot.ts';

export interface RegionMap {
  readonly element: HTMLElement;
  /** The point moves at once; the regions follow where other values than those of the axes have changed. */
  show(row: Row, label: string): void;
}

const gridSize = 41;
const sweepSize = 16;
const mostSwept = 8;

interface Present {
  readonly row: Row;
  readonly label: string;
}

/** Values by the index of the feature. */
type OnMove = (values: ReadonlyMap<number, number>) => void;

/** Which class the model answers over two of its features, around the present row. */
export function createRegionMap(manifest: Labeller, api: Api, onMove: OnMove): RegionMap {
  const features = manifest.features as readonly RangedFeature[];
  const names = toNames(manifest.classes);
  const plot = createRegionPlot(features, names);
  const note = element('p', { class: 'aside' });
  const choice = createPlaneChoice(features, () => draw());
  const load = createLoader(manifest, features, api, plot.showGrid, (text) => {
    note.textContent = text;
  });
  let present: Present | undefined;

  const draw = () => {
    if (!present) return;
    const plane = choice.read();
    plot.showPoint(present.row, plane, names.indexOf(present.label));
    note.textContent = `${toHeld(present.row, features, plane)}Ticks: the deciles of the training data.`;
    plot.overlay.setAttribute('aria-label', toDescription(manifest, plane, present.label));
    load(present.row, plane);
  };
  followPointer(plot.overlay, (right, up) => {
    const { x, y } = choice.read();
    onMove(
      new Map([
        [y, valueAt(features[y] as RangedFeature, up)],
        [x, valueAt(features[x] as RangedFeature, right)],
      ]),
    );
  });
  const start = async () => {
    const rows = manifest.examples.flatMap(({ instances }) => instances as Row[]).slice(0, mostSwept);
    const { predictions } = await api.probe(rows.flatMap((row) => toSweepRows(row, features, sweepSize)));
    choice.write(chooseAxes(predictions, features, sweepSize));
  };
  return {
    element: section('map', `Regions of the ${toNoun(manifest)}`, choice.element, plot.element, note),
    show(row, label) {
      const isFirst = !present;
      present = { row, label };
      if (isFirst)
        void start()
          .catch(() => undefined)
          .then(draw);
      else draw();
    },
  };
}

function toNoun({ task }: Labeller): string {
  return task === 'clustering' ? 'clusters' : task === 'outliers' ? 'labels' : 'classes';
}

function toDescription(manifest: Labeller, { x, y }: Plane, label: string): string {
  const { features } = manifest;
  const [across, up] = [x, y].map((index) => toWords(features[index]?.name ?? ''));
  return `Regions of the ${toNoun(manifest)}, ${across} across and ${up} up; the point lies in that of ${label}. The sliders move it.`;
}

/** Asks for the grid once the values that it holds rest at others. */
function createLoader(
  { classes }: Labeller,
  features: readonly RangedFeature[],
  api: Api,
  onGrid: (grid: ReturnType<typeof toGrid>) => void,
  onProblem: (text: string) => void,
): (row: Row, plane: Plane) => void {
  let wanted = '';
  const run = createLatest(
    async ({ row, plane }: { row: Row; plane: Plane }) => {
      const { predictions } = await api.probe(toGridRows(row, plane, features, gridSize));
      return toGrid(predictions, toNames(classes), gridSize);
    },
    {
      onAnswer: onGrid,
      onError: (error) => {
        wanted = '';
        if (error instanceof Refusal)
          onProblem(`The regions are ${gridSize * gridSize} rows in one request. ${error.message}.`);
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

/** Two lists of the features; choosing what the other has swaps them. */
function createPlaneChoice(features: readonly RangedFeature[], onChange: () => void) {
  const [across, up] = [createList(features), createList(features)];
  let plane: Plane = { x: 0, y: Math.min(1, features.length - 1) };
  const write = (chosen: Plane) => {
    plane = chosen;
    across.selectedIndex = chosen.x;
    up.selectedIndex = chosen.y;
  };
  across.addEventListener('change', () => {
    const x = across.selectedIndex;
    write({ x, y: x === plane.y ? plane.x : plane.y });
    onChange();
  });
  up.addEventListener('change', () => {
    const y = up.selectedIndex;
    write({ y, x: y === plane.x ? plane.y : plane.x });
    onChange();
  });
  write(plane);
  const labels = [element('label', {}, 'Across ', across), element('label', {}, 'Up ', up)];
  return {
    element: element('div', { class: 'map-choices', hidden: features.length < 3 }, ...labels),
    read: () => plane,
    write,
  };
}

function createList(features: readonly RangedFeature[]): HTMLSelectElement {
  return element('select', {}, ...features.map(({ name }) => element('option', {}, toWords(name))));
}
