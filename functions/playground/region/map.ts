import { toNames } from '../../core/model/classes.ts';
import { type Part, toPart } from '../answer/part.ts';
import type { Api } from '../api.ts';
import { valueAt } from '../baseline.ts';
import { element, section } from '../element.ts';
import { formatNumber } from '../format.ts';
import { type Prediction, type RangedFeature, type Row, toWords } from '../model.ts';
import { followPointer, toHeld } from './axes.ts';
import { cutByClass, cutByValue } from './cut.ts';
import { chooseSides, type Mapped, type Plane, toSides, toSweepRows } from './grid.ts';
import { createLoader, toMostRows } from './loader.ts';
import { createRegionPlot } from './plot.ts';
import { createSideChoice } from './sides.ts';
import { createSight } from './sight.ts';

export interface RegionMap {
  readonly element: HTMLElement;
  /** Moves the point at once. Loads the map again if the value of a feature that is on neither axis has changed. */
  show(row: Row, prediction: Prediction): void;
}

const mostSwept = 8;
/** The most rows in the request that finds out which features matter. */
const sweepRows = 1000;

interface Present {
  readonly row: Row;
  readonly part: Part;
}

/** Called with the new values by the index of the feature. */
type OnMove = (values: ReadonlyMap<number, number>) => void;

/** Creates the map of what the model answers when two features vary around the present row. */
export function createRegionMap(manifest: Mapped, api: Api, onMove: OnMove): RegionMap {
  const { features } = manifest;
  const names = 'classes' in manifest ? toNames(manifest.classes) : undefined;
  const plot = createRegionPlot(features, names ? () => cutByClass(names) : cutByValue);
  const note = element('p', { class: 'aside' });
  const choice = createSideChoice(features, toSides(features), () => draw());
  const load = createLoader(manifest, names ?? [], api, plot.showGrid, (text) => {
    note.textContent = text;
  });
  let present: Present | undefined;

  const draw = () => {
    if (!present || !isShown()) return;
    const plane = choice.read();
    plot.showPoint(present.row, plane, names?.indexOf(present.part.label));
    note.textContent = `${toHeld(present.row, features, plane)}Ticks: the deciles of the training data.`;
    plot.overlay.setAttribute('aria-label', toDescription(manifest, plane, present.part));
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
  const panel = section('map', toHeading(manifest), choice.element, plot.element, note);
  const prepare = () => chooseSidesOf(manifest, api).then(choice.write, () => undefined);
  plot.overlay.setAttribute('aria-label', toHeading(manifest));
  const isShown = createSight(panel, prepare, draw);
  return {
    element: panel,
    show(row, prediction) {
      present = { row, part: toPart(prediction, undefined) };
      draw();
    },
  };
}

/** Finds the two features that matter most to the answers near the examples. */
async function chooseSidesOf(manifest: Mapped, api: Api): Promise<Plane> {
  const { features, examples } = manifest;
  const sides = toSides(features);
  const rows = examples.flatMap(({ instances }) => instances as Row[]);
  const most = Math.min(sweepRows, toMostRows(manifest));
  const swept = rows.slice(0, Math.min(mostSwept, Math.max(1, Math.floor(most / (sides.length * 8)))));
  const size = Math.min(16, Math.max(3, Math.floor(most / (sides.length * swept.length))));
  const { predictions } = await api.probe(swept.flatMap((row) => toSweepRows(row, features, sides, size)));
  return chooseSides(predictions, sides, size);
}

function toHeading(manifest: Mapped): string {
  if (!('classes' in manifest)) return `Map of ${toWords(manifest.target.name)}`;
  return `Regions of the ${toNoun(manifest.task)}`;
}

function toNoun(task: Mapped['task']): string {
  return task === 'clustering' ? 'clusters' : task === 'outliers' ? 'labels' : 'classes';
}

function toDescription(manifest: Mapped, { x, y }: Plane, { label, value }: Part): string {
  const [across, up] = [x, y].map((index) => toWords(manifest.features[index]?.name ?? ''));
  const point =
    'classes' in manifest ? `the point is in the region of ${label}` : `it is ${formatNumber(value)} at the point`;
  return `${toHeading(manifest)}, ${across} across and ${up} up; ${point}. The sliders move it.`;
}
