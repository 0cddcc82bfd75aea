import { writeFile } from 'node:fs/promises';
import { formatNames } from '../figures/batches.ts';
import { type Figure, isMet } from '../figures/figure.ts';
import { describeRepeatability } from '../figures/repeatability.ts';
import { batchers } from '../measure/batch.ts';
import prices from '../prices/prices.json' with { type: 'json' };
import type { Results } from '../results.ts';
import { median } from '../statistics.ts';
import { systems, titles } from '../systems/images.ts';
import { writeDoors } from './doors.ts';
import { explainMark } from './explain.ts';
import { readMarked, writeMarked } from './marks.ts';
import { writePlots } from './plots.ts';
import { toShortTable, toTable } from './table.ts';
import { tablesMark } from './tables.ts';
import { mebibytes, megabytes, milliseconds } from './units.ts';

const page = 'docs/benchmarks.md';

/** The beginnings of the ids of the figures that the README shows: those that users ask for first. */
const headline = [
  'cold start, 1,769 MB / scikit-learn',
  'one row in a running process, median / scikit-learn',
  'requests over 8 connections / MLServer',
  '10,000 rows of JSON, logistic regression / Python with the same answer',
  'price of a million requests, at 1 an hour, 1,769 MB',
];

/**
 * Writes the README's table, docs/benchmarks.md with its plots, and the table of doors in docs/operations.md, all from
 * one run. The sections of docs/benchmarks.md on tables and explanations stay, because other runs write them.
 */
export async function writeDocuments(results: Results, figures: readonly Figure[]): Promise<void> {
  const shown = headline.flatMap((start) => figures.filter(({ id }) => id.startsWith(start)));
  await writeMarked('README.md', 'bench', toShortTable(shown));
  await writeFile(
    page,
    toPage(results, figures, await readMarked(page, tablesMark), await readMarked(page, explainMark)),
  );
  await writeDoors(results.costs);
  await writePlots(results);
}

function toPage(results: Results, figures: readonly Figure[], tables: string, explanations: string): string {
  const groups = [...new Set(figures.map(({ group }) => group))];
  const sections = groups.flatMap((group) => {
    const own = figures.filter((figure) => figure.group === group);
    const section = [`## ${group}`, notes[group]?.(results), toTable(own), details[group]?.(results)];
    return [section.filter(Boolean).join('\n\n'), ...(group === 'Batches' ? [tables, explanations] : [])];
  });
  return `${[introduction(results, figures), toMissed(figures), ...sections, 'Next: [architecture](architecture.md).'].join('\n\n')}\n`;
}

/** Lists the figures that miss their targets, at the top of the page, so that nobody has to search for them. */
function toMissed(figures: readonly Figure[]): string {
  const missed = figures.filter((figure) => isMet(figure) === false);
  const text =
    'This run missed these targets. [bench/NOTES.md](../bench/NOTES.md) says why. The sections on tables and explanations come from other runs. Their missed targets are marked there.';
  return ['## Missed targets', missed.length > 0 ? `${text}\n\n${toTable(missed)}` : 'No target.'].join('\n\n');
}

function introduction({ machine, date, commit, seed }: Results, figures: readonly Figure[]): string {
  const { processor, processors, gigabytes, kernel, docker, node, nodeInImage, pythonInImage } = machine;
  return `# Benchmarks

Written by \`npm run bench\` on ${date} at ${commit}, from one run on one machine: ${processors} × ${processor}, ${gigabytes} GB,
Linux ${kernel}, Docker ${docker}, Node.js ${nodeInImage} and ${pythonInImage} in the images, Node.js ${node} for the local server.
Absolute times are this machine's.

Every ratio compares Sepal with another system or with a limit. For a time, a rate, or the memory at the largest request, the systems were
measured in turn, in several rounds. The ratio is the median of the rounds, with the quartiles in parentheses. Sizes, other memory, prices
and the largest tables have one value each. The order in a round is random (seed ${seed}). *Halves* compares the median of the first half of the
rounds with that of the second. Expect two runs to differ by about as much as these halves. ${describeRepeatability(figures)}

For times and rates against another model server, Python, pandas or shap, the ratio says how many times as fast Sepal is, so higher is
better. Against a limit, \`session.run\` or a handler that does nothing, and for memory, size and price, it is Sepal's value divided by the
other's, so lower is better. The rate against an HTTP server that does nothing is Sepal's rate divided by that server's, so higher is
better.

*scikit-learn in Python* is the usual handler in Lambda's image for Python: it loads the model from a pickle and answers a label.
*onnxruntime in Python* is the same with Sepal's own model.onnx. Sepal also validates, answers probabilities and emits metrics.
In the plots of cold starts and latency, these two are called \`python-sklearn\` and \`python-onnx\`; \`nothing-handler\` is a Node.js
handler that does nothing.`;
}

const notes: Readonly<Record<string, (results: Results) => string>> = {
  'Cold start': ({ coldStarts }) =>
    `A cold start is the time from the first event to its answer, through the runtime interface emulator, which starts the runtime at that event. Each system
has ${coldStarts[0]?.starts.sepal.length} fresh containers, in turn, with the share of a processor that Lambda gives with the memory. Docker's own start of a container
comes before that and is the same for all. The second table includes it.

On Lambda a start takes longer, because Lambda loads parts of its base image over the network when they are first read. The emulator does
not show this. On Lambda, Sepal's own code is therefore a smaller part of a start than in these tables. Published starts of a handler that
does nothing take 319 ms from an image for Node.js 24 and 135 ms from a zip file (x86_64, 1,024 MB, medians of 30 days, [maxday/lambda-perf](https://github.com/maxday/lambda-perf)).

![Where the time of a cold start goes](benchmarks-cold-start.svg)`,
  'One row, warm': ({ warm }) =>
    `*In a running process* is the time from the event to the result, in the function's image, with logs and metrics written to a pipe. Sepal
allocates ${(warm.allocated / 1000).toFixed(1)} kB for a request.

![Latency of one row](benchmarks-latency.svg)`,
  HTTP: ({ http: { notMeasured } }) => {
    const missing = Object.entries(notMeasured).map(([name, reason]) => `${name} is not measured: ${reason}`);
    return [
      'Each server gets the same row over loopback. The server runs on one processor with one worker, autocannon on another. Sepal is the',
      'local server, bundled into one file as the function is in its image.',
      ...missing,
    ].join('\n');
  },
  Batches:
    () => `Each time is from the event to the result. Python decodes with json and numpy (loadtxt for CSV), calls predict_proba and
encodes. With "the same answer" it writes all that Sepal writes, with "bare arrays" only the probabilities.

![Time by rows](benchmarks-rows.svg)`,
  Cost: () => `Prices of ${prices.region}, read ${prices.read} (bench/prices/prices.json): for Lambda $${prices.lambdaPerMillionRequests} a million requests and $${prices.lambdaPerGigabyteSecond}
a GB-second, for an HTTP API $${prices.httpApiPerMillionRequests.toFixed(2)} a million requests. AWS does not publish how long an environment lives. The table assumes that
Lambda ends it after ${prices.assumed.idleSeconds} s without a request, and after ${prices.assumed.lifetimeSeconds} s at the latest.`,
};

const details: Readonly<Record<string, (results: Results) => string>> = {
  'Cold start': ({ coldStarts }) => {
    const text = `In milliseconds. The first column is the time from \`docker start\` to the first answer. The other columns are the parts of a cold start,
measured in other containers: the start of the runtime, the imports, the loading of the model and the first request.`;
    const header =
      '| | with the start of the container | runtime | imports | model | first request |\n|---|--:|--:|--:|--:|--:|';
    const rows = coldStarts.flatMap(({ megabytes: memory, starts, splits }) =>
      systems.map((name) => {
        const part = (key: 'runtime' | 'imports' | 'model' | 'request') =>
          median(splits[name].map((split) => split[key]));
        const times = [
          median(starts[name].map(({ total }) => total)),
          part('runtime'),
          part('imports'),
          part('model'),
          part('request'),
        ];
        return `| ${titles[name]}, ${memory.toLocaleString('en')} MB | ${times.map((time) => time.toFixed(0)).join(' | ')} |`;
      }),
    );
    return [text, [header, ...rows].join('\n')].join('\n\n');
  },
  Batches: ({ batches: { batches } }) => {
    const header =
      '| model | format | rows | Sepal | rows/s | Python with the same answer | with bare arrays |\n|---|---|--:|--:|--:|--:|--:|';
    const rows = batches.map(({ model, format, rows, times }) => {
      const [ours = 0, ...theirs] = batchers.map((batcher) => median(times[batcher]));
      const cells = [
        rows.toLocaleString('en'),
        milliseconds(ours),
        Math.round((rows / ours) * 1000).toLocaleString('en'),
      ];
      return `| ${[model, formatNames[format], ...cells, ...theirs.map(milliseconds)].join(' | ')} |`;
    });
    return [header, ...rows].join('\n');
  },
  Size: ({ sizes, emulated }) => {
    const header = '| | uncompressed | compressed | layers | resident |\n|---|--:|--:|--:|--:|';
    const rows = systems.map((name) => {
      const { uncompressed, compressed, layers } = sizes[name];
      return `| ${[titles[name], megabytes(uncompressed), megabytes(compressed), layers, mebibytes(emulated.resident[name])].join(' | ')} |`;
    });
    return [header, ...rows].join('\n');
  },
  Cost: ({ costs }) => {
    const header =
      '| | rate | cold starts | requests, $ per million | compute, $ per million | in all, $ per million |\n|---|--:|--:|--:|--:|--:|';
    const rows = costs.map(({ system, megabytes: memory, rate, cold, requests, compute, total }) => {
      const often = rate < 0.01 ? '1 an hour' : `${rate} a second`;
      const cells = [
        often,
        `${(cold * 100).toFixed(2)} %`,
        ...[requests, compute, total].map((dollars) => dollars.toFixed(3)),
      ];
      return `| ${[`${titles[system]}, ${memory.toLocaleString('en')} MB`, ...cells].join(' | ')} |`;
    });
    return [header, ...rows].join('\n');
  },
};
