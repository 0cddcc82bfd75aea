import { writeFile } from 'node:fs/promises';
import type { Figure } from '../figures/figure.ts';
import { formatNames } from '../figures/tables.ts';
import { type ScoredTable, scorers } from '../measure/tables.ts';
import type { JobCost } from '../prices/job-cost.ts';
import prices from '../prices/prices.json' with { type: 'json' };
import type { TableResults } from '../results.ts';
import { median } from '../statistics.ts';
import { lineChart } from './chart.ts';
import { writeMarked } from './marks.ts';
import { toTable } from './table.ts';
import { megabytes, perSecond } from './units.ts';

export const tablesMark = 'bench: tables';

/** Writes the figures of a run with whole tables into docs/batch.md and docs/benchmarks.md, and draws the plot. */
export async function writeTableDocuments(results: TableResults, figures: readonly Figure[]): Promise<void> {
  await writeMarked('docs/batch.md', tablesMark, [toTable(figures), chart, provenance(results)].join('\n\n'));
  await writeMarked('docs/batch.md', 'bench: cost', toCostSection(results.jobCosts));
  await writeMarked('docs/benchmarks.md', tablesMark, toSection(results, figures));
  await writeFile('docs/benchmarks-tables.svg', plotTables(results.tables));
}

const chart = '![Time by rows of a table](benchmarks-tables.svg)';

function toSection(results: TableResults, figures: readonly Figure[]): string {
  const text = `This section compares \`npm run batch\` with \`--jobs 1\`, from the start of the command to its end, with a Python script that calls pandas'
\`read_csv\`, \`predict_proba\` and \`to_csv\`, or \`read_parquet\` and \`to_parquet\`. Both read the same file, keep an id, and write
the label and the probabilities. Each runs alone on one processor, in turn. The memory of a command is the sum of the peaks of
its processes. In the rows of memory and of the exponent, a lower ratio is better. An exponent of 1 means that twice as many rows take twice as
long.`;
  return ['## Tables', text, provenance(results), chart, toTable(figures), toDetails(results.tables)].join('\n\n');
}

function provenance({ date, commit, host, python }: TableResults): string {
  return `Measured on ${date} at ${commit}: ${host.processors} × ${host.processor}, ${host.gigabytes} GB, Linux ${host.kernel},
Node.js ${host.node}, ${python}.`;
}

function toDetails(tables: readonly ScoredTable[]): string {
  const header =
    '| model | format | rows | Sepal | rows/s | memory | pandas | rows/s | memory |\n|---|---|--:|--:|--:|--:|--:|--:|--:|';
  const rows = tables.map(({ model, format, rows, runs }) => {
    const cells = scorers.flatMap((scorer) => {
      const seconds = median(runs[scorer].map((run) => run.seconds));
      const peak = median(runs[scorer].map((run) => run.megabytes));
      return [toSeconds(seconds), perSecond(rows / seconds), megabytes(peak)];
    });
    return `| ${[model, formatNames[format], rows.toLocaleString('en'), ...cells].join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
}

const toSeconds = (seconds: number) => `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;

function toCostSection(costs: readonly JobCost[]): string {
  const header =
    '| rows | model | slices | minutes | Lambda, $ | Step Functions, $ | S3, $ | **in all, $** | SageMaker: minutes | **SageMaker: $** |\n' +
    '|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|';
  const rows = costs.map(({ rows, model, slices, minutes, lambda, stepFunctions, s3, total, transform }) => {
    const cells = [
      rows.toLocaleString('en'),
      model,
      slices,
      minutes.toFixed(1),
      ...[lambda, stepFunctions, s3].map(dollars),
    ];
    return `| ${[...cells, `**${dollars(total)}**`, transform.minutes.toFixed(1), `**${dollars(transform.dollars)}**`].join(' | ')} |`;
  });
  const { job, transform } = prices;
  const text = `The table estimates what it costs to score a CSV table, with ${job.concurrency} slices at once. It uses the [measured speed](#how-fast) on one vCPU
(${job.megabytes.toLocaleString('en')} MB of Lambda). Prices are the list prices of ${prices.region} without the free tier, read ${prices.read} ([bench/prices/prices.json](../bench/prices/prices.json)).
The estimate assumes ${job.s3MegabytesPerSecond} MB a second between Lambda and S3, and ${job.startSeconds} s for an environment to start. It leaves out storage in S3.

The last two columns are a batch transform of SageMaker on one ${transform.instance}, its smallest common instance: $${transform.dollarsPerHour} an hour for
${transform.processors} vCPUs, by public price tables. Two assumptions favour it: each vCPU scores as many rows a second as pandas did here, and the ${transform.startMinutes} minutes
until it has started are not billed.`;
  return [text, [header, ...rows].join('\n')].join('\n\n');
}

const dollars = (value: number) => value.toFixed(value < 0.01 ? 4 : 3);

function plotTables(tables: readonly ScoredTable[]): string {
  const measured = tables.filter(
    ({ model, format }) => format === 'csv' && (model === 'logistic' || model === 'churn'),
  );
  const lines = ['logistic', 'churn'].flatMap((model) =>
    scorers.map((scorer) => ({
      name: `${{ sepal: 'Sepal', pandas: 'pandas' }[scorer]}, ${model}`,
      points: measured
        .filter((table) => table.model === model)
        .map(({ rows, runs }) => [rows, median(runs[scorer].map(({ seconds }) => seconds))] as const),
    })),
  );
  const ticks = [...new Set(measured.map(({ rows }) => rows))];
  const x = { title: 'rows of a CSV table', ticks, format: (rows: number) => rows.toLocaleString('en') };
  const y = {
    title: 'start to end of the command',
    ticks: [0.1, 1, 10, 100, 1000],
    format: (value: number) => `${value} s`,
  };
  return lineChart('Time by rows of a table', x, y, lines);
}
