import type { Series } from './board.ts';

/** The most series in a panel. People cannot tell more lines apart, and palette.css has as many colours. */
const mostSeries = 10;

/**
 * Keeps at most as many series as people can tell apart: those with the highest values. In a stacked chart it keeps
 * those with the largest totals, and adds a series with the sum of all others. The order stays the same, so that a
 * class has the same colour in every panel.
 */
export function fold(series: readonly Series[], stacked: boolean): readonly Series[] {
  if (series.length <= mostSeries) return series;
  const heights = new Map(series.map((one) => [one, heightOf(one, stacked)]));
  const ranked = series.toSorted((a, b) => (heights.get(b) ?? 0) - (heights.get(a) ?? 0));
  const shown = new Set(ranked.slice(0, stacked ? mostSeries - 1 : mostSeries));
  const others = series.filter((one) => !shown.has(one));
  const kept = series.filter((one) => shown.has(one));
  return stacked ? [...kept, { label: `${others.length} others`, values: sum(others) }] : kept;
}

function heightOf({ values }: Series, stacked: boolean): number {
  const numbers = values.map((value) => value ?? 0);
  return stacked ? numbers.reduce((total, value) => total + value, 0) : Math.max(...numbers);
}

function sum(series: readonly Series[]): (number | null)[] {
  const [{ values } = { values: [] }] = series;
  return values.map((_, period) => {
    const numbers = series.flatMap((one) => one.values[period] ?? []);
    return numbers.length > 0 ? numbers.reduce((total, value) => total + value, 0) : null;
  });
}
