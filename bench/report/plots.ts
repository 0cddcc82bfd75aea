import { writeFile } from 'node:fs/promises';
import { batchers } from '../measure/batch.ts';
import { warmed } from '../measure/warm.ts';
import type { Results } from '../results.ts';
import { median, shares } from '../statistics.ts';
import { systems } from '../systems/images.ts';
import { barChart, lineChart } from './chart.ts';
import { milliseconds } from './units.ts';

/** Writes the plots of a run beside docs/benchmarks.md, which shows them. */
export async function writePlots(results: Results): Promise<void> {
  await writeFile('docs/benchmarks-latency.svg', plotLatency(results));
  await writeFile('docs/benchmarks-cold-start.svg', plotColdStart(results));
  await writeFile('docs/benchmarks-rows.svg', plotRows(results));
}

/** The x axis shows how rare a latency is: one request in x takes longer. So the median is at 2. */
function plotLatency({ warm }: Results): string {
  const tail = shares
    .map((share, index) => [1 / (1 - share), index] as const)
    .filter(([rarity]) => rarity >= 2 && rarity <= 2000);
  const lines = warmed.map((name) => {
    const { curve } = warm.times[name];
    return { name, points: tail.map(([rarity, index]) => [rarity, curve[index] ?? Number.NaN] as const) };
  });
  const x = { title: 'one request of so many takes longer', ticks: [2, 10, 100, 1000, 2000], format: String };
  const y = { title: 'one row in process', ticks: [0.005, 0.01, 0.1, 1, 10], format: milliseconds };
  return lineChart('Latency of one row in process', x, y, lines);
}

function plotColdStart({ coldStarts }: Results): string {
  const parts = ['runtime', 'imports', 'model', 'request'] as const;
  const bars = systems.map((name) => {
    const splits = coldStarts[0]?.splits[name] ?? [];
    return { name, parts: parts.map((part) => median(splits.map((split) => split[part]))) };
  });
  return barChart(`Cold start at ${coldStarts[0]?.megabytes} MB`, parts, bars, 'ms');
}

function plotRows({ batches: { batches } }: Results): string {
  const measured = batches.filter(({ model, format }) => model === 'logistic' && format === 'json');
  const lines = batchers.map((batcher) => ({
    name: { sepal: 'Sepal', document: 'Python', arrays: 'Python, arrays' }[batcher],
    points: measured.map(({ rows, times }) => [rows, median(times[batcher])] as const),
  }));
  const ticks = measured.map(({ rows }) => rows);
  const x = { title: 'rows of a JSON request', ticks, format: (rows: number) => rows.toLocaleString('en') };
  const y = { title: 'event to result', ticks: [0.01, 0.1, 1, 10, 100, 1000, 10_000], format: milliseconds };
  return lineChart('Time by rows, logistic regression', x, y, lines);
}
