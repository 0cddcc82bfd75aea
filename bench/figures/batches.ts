import type { Format } from '../events.ts';
import { type Batcher, judgedRows } from '../measure/batch.ts';
import { mebibytes, milliseconds } from '../report/units.ts';
import type { Results } from '../results.ts';
import { growth } from '../statistics.ts';
import { type Figure, post, timesAsMuch, timesFaster } from './figure.ts';

const batcherNames: Readonly<Record<Batcher, string>> = {
  sepal: 'Sepal',
  document: 'Python with the same answer',
  arrays: 'Python with bare arrays',
};

/** The names of the formats in tables. */
export const formatNames: Readonly<Record<Format, string>> = {
  json: 'JSON',
  csv: 'CSV',
  oip: 'Open Inference JSON',
};

const modelNames: Readonly<Record<string, string>> = {
  logistic: 'logistic regression',
  forest: 'random forest',
  boosted: 'gradient boosting',
};

/** How many times faster Sepal should be than Python with the same answer, by format and model. */
const targets: Readonly<Record<string, number>> = {
  ...{ 'json logistic': 3, 'json forest': 1.5, 'json boosted': 2 },
  ...{ 'csv logistic': 2, 'csv forest': 1.5, 'csv boosted': 1.8 },
};

export function batchFigures({ batches: { batches, peaks } }: Results): Figure[] {
  const at = batches.filter(({ rows }) => rows === judgedRows);
  const compared = at.flatMap(({ model, format, times }) =>
    (['document', 'arrays'] as const)
      .filter((batcher) => batcher === 'document' || format === 'json')
      .map((batcher) => {
        const named = {
          group: 'Batches',
          what: `10,000 rows of ${formatNames[format]}, ${modelNames[model] ?? model}`,
        };
        const wanted = batcher === 'document' ? targets[`${format} ${model}`] : undefined;
        const target = wanted === undefined ? {} : { target: wanted };
        const compared = { ours: times.sepal, theirs: times[batcher], unit: milliseconds };
        return timesFaster({ ...named, against: batcherNames[batcher], ...target }, compared);
      }),
  );
  const peak = { group: 'Batches', what: "peak memory at Lambda's largest request", against: post, target: 1 };
  const memory = timesAsMuch(peak, { ours: peaks.sepal, theirs: peaks.arrays, unit: mebibytes });
  return [...compared, ...growthFigure(batches), memory];
}

/** The exponent by which time grows with rows: 1 means linear. */
function growthFigure(batches: Results['batches']['batches']): Figure[] {
  const large = batches.filter(({ model, format, rows }) => model === 'logistic' && format === 'json' && rows >= 1000);
  const [first, last] = [large[0], large.at(-1)];
  if (!first || !last || last.rows < 100_000) return [];
  const slopes = first.times.sepal.map((_, round) =>
    growth(large.map(({ rows, times }) => [rows, times.sepal[round] ?? Number.NaN] as const)),
  );
  const named = {
    group: 'Batches',
    what: 'exponent of time in rows, 1,000 to 100,000, JSON',
    against: 'linear growth',
    target: 1.05,
  };
  return [timesAsMuch(named, { ours: slopes, theirs: slopes.map(() => 1), unit: (value) => value.toFixed(2) })];
}
