import { type ScoredTable, type Scorer, type TableFormat, tableFormats } from '../measure/tables.ts';
import { megabytes, perSecond } from '../report/units.ts';
import { growth, median } from '../statistics.ts';
import { type Figure, timesAsMuch } from './figure.ts';

const group = 'Tables';

/** The figures of whole tables: speed and memory at the largest number of rows, and how time grows with the rows. */
export function tableFigures(tables: readonly ScoredTable[]): Figure[] {
  const most = Math.max(...tables.map(({ rows }) => rows));
  const largest = tables.filter(({ rows }) => rows === most);
  return [
    ...largest.map(speedFigure),
    ...tableFormats.flatMap((format) => memoryFigures(largest, format)),
    ...growthFigure(tables),
  ];
}

const title = ({ rows, format }: Pick<ScoredTable, 'rows' | 'format'>) =>
  `${rows.toLocaleString('en')} rows, ${formatNames[format]}`;

/** The names of the formats in tables. */
export const formatNames: Readonly<Record<TableFormat, string>> = { csv: 'CSV', parquet: 'Parquet' };

/** With fewer rows, most of the time on both sides is the start of the process. */
const fewestJudged = 1_000_000;

function speedFigure(table: ScoredTable): Figure {
  const named = { group, what: `${title(table)}, ${table.model}`, against: 'pandas' };
  const isJudged = table.format === 'csv' && table.rows >= fewestJudged;
  const target = isJudged ? { target: table.model === 'logistic' ? 2 : 1.5 } : {};
  const speeds = (scorer: Scorer) => table.runs[scorer].map(({ seconds }) => table.rows / seconds);
  const compared = { ours: speeds('sepal'), theirs: speeds('pandas'), unit: perSecond };
  return timesAsMuch({ ...named, ...target }, compared, true);
}

/** The memory of the model that takes the most. */
function memoryFigures(tables: readonly ScoredTable[], format: TableFormat): Figure[] {
  const peaks = (table: ScoredTable, scorer: Scorer) => table.runs[scorer].map((run) => run.megabytes);
  const [worst] = tables
    .filter((table) => table.format === format)
    .sort((a, b) => median(peaks(b, 'sepal')) - median(peaks(a, 'sepal')));
  if (!worst) return [];
  const what = `peak memory, ${title(worst)}`;
  const ours = peaks(worst, 'sepal');
  return [
    timesAsMuch(
      { group, what, against: 'its limit of 500 MB', target: 1 },
      { ours, theirs: ours.map(() => 500), unit: megabytes },
    ),
    timesAsMuch({ group, what, against: 'pandas' }, { ours, theirs: peaks(worst, 'pandas'), unit: megabytes }),
  ];
}

/** The exponent by which time grows with rows: 1 means linear. */
function growthFigure(tables: readonly ScoredTable[]): Figure[] {
  const large = tables.filter(
    ({ model, format, rows }) => model === 'logistic' && format === 'csv' && rows >= fewestJudged,
  );
  if (large.length < 2) return [];
  const rounds = Math.min(...large.map(({ runs }) => runs.sepal.length));
  const slopes = Array.from({ length: rounds }, (_, round) =>
    growth(large.map(({ rows, runs }) => [rows, runs.sepal[round]?.seconds ?? Number.NaN] as const)),
  );
  const named = {
    group,
    what: 'exponent of time in rows, 1 to 10 million, CSV',
    against: 'linear growth',
    target: 1.1,
  };
  return [timesAsMuch(named, { ours: slopes, theirs: slopes.map(() => 1), unit: (value) => value.toFixed(2) })];
}
