import { element, svg } from '../element.ts';
import type { Feature, Row } from '../model.ts';
import { frame, placePoint, toAxes } from './axes.ts';
import type { Cut } from './cut.ts';
import type { Grid, Plane } from './grid.ts';
import { type Regions, toLabelPlace, toRegions } from './parts.ts';
import { type Colour, type Colours, paintRegions } from './picture.ts';

const pictureSize = 350;

export interface RegionPlot {
  readonly element: HTMLElement;
  readonly overlay: SVGSVGElement;
  showGrid(grid: Grid): void;
  /** Moves the point. `answer` is the part of the answer; if it is undefined, all parts are painted alike. */
  showPoint(row: Row, plane: Plane, answer: number | undefined): void;
}

/** Draws the regions on a canvas, and axes, names and the present point over it. */
export function createRegionPlot(features: readonly Feature[], toCut: (grid: Grid) => Cut): RegionPlot {
  const canvas = element('canvas', { width: pictureSize, height: pictureSize, 'aria-hidden': 'true' });
  const labels = svg('g', { class: 'map-labels' });
  const axes = svg('g', { class: 'map-axes' });
  const point = svg('circle', { class: 'map-point', r: 7, visibility: 'hidden' });
  const overlay = svg('svg', { viewBox: `0 0 ${frame.width} ${frame.height}`, role: 'img' }, axes, labels, point);
  const plot = element('div', { class: 'map-plot' }, canvas, overlay);
  let regions: Regions | undefined;
  let answer: number | undefined;

  const paint = () => {
    if (regions) paintRegions(canvas, regions, answer, readColours(plot));
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  return {
    element: plot,
    overlay,
    showGrid(grid) {
      const cut = toCut(grid);
      regions = toRegions(grid, pictureSize, cut);
      labels.replaceChildren(...toLabels(cut.names, regions));
      paint();
    },
    showPoint(row, plane, label) {
      if (answer !== label) {
        answer = label;
        paint();
      }
      axes.replaceChildren(...toAxes(features, plane));
      placePoint(point, row, features, plane);
    },
  };
}

function toLabels(names: readonly string[], regions: Regions): SVGElement[] {
  return names.flatMap((name, index) => {
    const place = toLabelPlace(regions, index);
    if (!place) return [];
    const [x, y] = [frame.left + place.x * frame.inner, frame.top + place.y * frame.inner];
    return [svg('text', { x, y, class: 'middle' }, name)];
  });
}

/** Reads the colours of the page, which depend on its colour scheme. */
function readColours(within: Element): Colours {
  const style = getComputedStyle(within);
  const read = (name: string): Colour => {
    const [red = 0, green = 0, blue = 0] = (style.getPropertyValue(name).match(/[\da-f]{2}/gi) ?? []).map((part) =>
      Number.parseInt(part, 16),
    );
    return [red, green, blue];
  };
  return { answer: read('--accent'), other: read('--text'), line: read('--strong-line') };
}
