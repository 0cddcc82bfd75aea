import uPlot from 'uplot';
import type { Board, Chart } from '../board.ts';
import { formatMinute, formatNumber } from './format.ts';
import { drawMarks } from './marks.ts';
import { stack } from './stack.ts';

export interface Plot {
  update(chart: Chart, board: Board): void;
  destroy(): void;
}

/** The width of the y axis, the same in every chart, so that equal times are below each other. */
const axisWidth = 52;
/** A line continues over this many periods without a value, because drift is reported rarely. */
const bridged = 8;

/**
 * Draws lines or stacked bars. Calls `hovered` with the period under the pointer, even if the pointer is over another
 * chart of the page.
 */
export function createPlot(
  place: HTMLElement,
  first: Chart,
  firstBoard: Board,
  hovered: (period: number | null | undefined) => void,
): Plot {
  let [chart, board] = [first, firstBoard];
  const toRange = (): [number, number] => [board.times[0] ?? 0, (board.times.at(-1) ?? 0) + board.periodSeconds];
  const options: uPlot.Options = {
    ...sizeOf(place),
    series: [{}, ...toSeries(first, firstBoard)],
    axes: toAxes(first),
    scales: { x: { range: toRange }, y: { range: (_, __, max) => [0, toTop(max, chart)] } },
    padding: [12, 20, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'board' }, points: { size: 6 } },
    legend: { show: false },
    hooks: {
      draw: [(plot) => drawMarks(plot, chart, board, readColour)],
      setCursor: [(plot) => hovered(plot.cursor.idx)],
    },
  };
  const plot = new uPlot(options, toData(first, firstBoard), place);
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(place)));
  observer.observe(place);
  return {
    update(next, nextBoard) {
      [chart, board] = [next, nextBoard];
      plot.setData(toData(next, nextBoard));
    },
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

/** Reads a colour from the style sheet, which has one for a dark page and one for a light page. */
function readColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  return { width: place.clientWidth, height: Math.max(120, place.clientHeight) };
}

/**
 * Returns the upper end of the y axis, with room above the values. Thresholds far above the values are left out,
 * because they would make the values a flat line.
 */
function toTop(max: number | null, { thresholds, unit }: Chart): number {
  const least = isCounted(unit) ? 4 : 0;
  const reached = Math.max(max ?? 0, least);
  const near = thresholds.map(({ value }) => value).filter((value) => value <= 4 * reached || reached === 0);
  return 1.15 * Math.max(reached, ...near) || 1;
}

function isCounted(unit: string): boolean {
  return / per |^per /.test(unit);
}

function toAxes({ unit }: Chart): uPlot.Axis[] {
  const grid = { stroke: readColour('--line'), width: 1 };
  const axis = { stroke: readColour('--quiet'), grid, ticks: { show: false }, font: '11px system-ui' };
  return [
    { ...axis, grid: { show: false }, size: 24, incrs: [60, 120, 300], values: (_, times) => times.map(formatMinute) },
    {
      ...axis,
      size: axisWidth,
      space: 32,
      values: (_, values) => values.map(formatNumber),
      ...(isCounted(unit) && {
        incrs: [1, 2, 5].flatMap((step) => [0, 1, 2, 3, 4, 5].map((power) => step * 10 ** power)).sort((a, b) => a - b),
      }),
    },
  ];
}

function toSeries({ series, stacked }: Chart, { periodSeconds }: Board): uPlot.Series[] {
  const styles = series.map(({ label }, index): uPlot.Series => {
    const colour = readColour(`--series-${index}`);
    if (stacked) return { label, fill: colour, width: 0, points: { show: false }, ...(bars && { paths: bars }) };
    return {
      label,
      stroke: colour,
      width: 1.5,
      points: { show: true, size: 4, fill: colour, filter: toLonely },
      gaps: (plot, _, __, ___, gaps) => {
        const width = plot.valToPos(bridged * periodSeconds, 'x', true) - plot.valToPos(0, 'x', true);
        return gaps.filter(([from, to]) => to - from > width);
      },
    };
  });
  return stacked ? styles.reverse() : styles;
}

const bars = uPlot.paths.bars?.({ size: [0.8, 40], align: 1 });

/** Returns the values without a near neighbour. They are drawn as points, because no line leads to them. */
function toLonely(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (at: number) => values[at] != null;
  const near = Array.from({ length: bridged }, (_, index) => index + 1);
  return Array.from(values.keys()).filter(
    (at) => isThere(at) && !near.some((by) => isThere(at - by) || isThere(at + by)),
  );
}

/** Returns the data of the plot. The highest stacked bar comes first, so that the lower ones are drawn over it. */
function toData({ series, stacked }: Chart, { times }: Board): uPlot.AlignedData {
  const lines = series.map(({ values }) => values);
  return [times, ...(stacked ? stack(lines).reverse() : lines)] as uPlot.AlignedData;
}
