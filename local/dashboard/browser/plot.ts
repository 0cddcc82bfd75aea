import uPlot from 'uplot';
import { element } from '../../../functions/playground/element.ts';
import type { Chart, Series } from '../chart.ts';

export interface Plot {
  update(chart: Chart): void;
}

const colours = ['#7c6ae0', '#1a936f', '#d17b0f', '#c2476a', '#3a86c8', '#8a8a95'];

/** Lines with the widget's axes; of stacked ones, each is filled down to the one below it. */
export function createPlot(parent: HTMLElement, chart: Chart): Plot {
  const place = element('div', { class: 'plot' });
  parent.append(place, createLegend(chart));
  if (!chart.series.some(({ values }) => values.some((value) => value !== null))) {
    place.append(element('p', { class: 'aside' }, 'Nothing in the last five minutes'));
  }
  const plot = new uPlot(toOptions(chart, place), toData(chart), place);
  new ResizeObserver(() => plot.setSize(sizeOf(place))).observe(place);
  return { update: (next) => plot.setData(toData(next)) };
}

function createLegend({ series, thresholds }: Chart): HTMLElement {
  const items = series.map(({ label }, index) => {
    const swatch = element('i');
    swatch.style.background = colourOf(index);
    return element('li', {}, swatch, label);
  });
  const levels = thresholds.map(({ label, value }) =>
    element('li', { class: 'level' }, element('i'), `${label} ${value}`),
  );
  return element('ul', {}, ...items, ...levels);
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '';
}

function toTimes(_: uPlot, seconds: readonly number[]): string[] {
  return seconds.map((time) => new Date(time * 1000).toLocaleTimeString('en-GB', { timeStyle: 'short' }));
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  return { width: place.clientWidth, height: Math.max(120, place.clientHeight) };
}

function toOptions(chart: Chart, place: HTMLElement): uPlot.Options {
  const text = getComputedStyle(place).color;
  const grid = { stroke: 'rgba(128, 128, 140, 0.18)' };
  const axis = { stroke: text, grid, ticks: grid, font: '11px system-ui' };
  const sides = [
    { scale: 'left', side: 3 as const, label: chart.axes.left },
    ...(chart.series.some((series) => series.axis === 'right')
      ? [{ scale: 'right', side: 1 as const, label: chart.axes.right }]
      : []),
  ];
  return {
    ...sizeOf(place),
    series: [
      {},
      ...chart.series.map((series, index) => toSeriesOptions(series, index, chart)),
      ...chart.thresholds.map(toThreshold),
    ],
    axes: [
      { ...axis, values: toTimes },
      ...sides.map(({ label, ...side }) => ({
        ...axis,
        ...side,
        ...(label && { label, labelSize: 16, labelFont: '11px system-ui' }),
        size: 44,
      })),
    ],
    bands: chart.stacked ? chart.series.slice(1).map((_, index) => ({ series: [index + 2, index + 1] as const })) : [],
    scales: { left: { range: fromZero }, right: { range: fromZero } },
    cursor: { show: false },
    legend: { show: false },
  };
}

/** With room above. */
function fromZero(_: uPlot, __: number, max: number | null): [number, number] {
  return [0, max ? max * 1.1 : 1];
}

function toSeriesOptions({ label, axis }: Series, index: number, { stacked }: Chart): uPlot.Series {
  const stroke = colourOf(index);
  return {
    label,
    scale: axis,
    stroke,
    width: 1.5,
    points: { show: true, size: 4, fill: stroke },
    ...(stacked && { fill: `${stroke}55` }),
  };
}

function toThreshold({ label }: Chart['thresholds'][number]): uPlot.Series {
  return { label, scale: 'left', stroke: '#8a8a95', width: 1, dash: [4, 4], points: { show: false } };
}

function toData(chart: Chart): uPlot.AlignedData {
  const { times, series, thresholds, stacked } = chart;
  const lines = series.map(({ values }) => values);
  const drawn = stacked ? stack(lines) : lines;
  const levels = thresholds.map(({ value }) => times.map(() => value));
  return [times, ...drawn, ...levels] as uPlot.AlignedData;
}

type Line = readonly (number | null)[];

/** Each line on those before it. Where a period has some of them, the others are nought. */
function stack(lines: readonly Line[]): Line[] {
  const isEmpty = (period: number) => lines.every((line) => line[period] == null);
  const sums = (lines[0] ?? []).map(() => 0);
  return lines.map((line) =>
    line.map((value, period) => {
      sums[period] = (sums[period] ?? 0) + (value ?? 0);
      return isEmpty(period) ? null : (sums[period] ?? 0);
    }),
  );
}
