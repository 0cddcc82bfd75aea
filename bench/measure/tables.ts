import { mkdir, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run, say } from '../commands.ts';
import { exportModels } from '../models/export.ts';
import type { TablePlan } from '../plan.ts';
import type { InRounds } from '../rounds.ts';
import { type Measured, runOnOneCore } from '../tables/measured.ts';
import { type TableKind, tableKinds, writeTable } from '../tables/rows.ts';

export const tableFormats = ['csv', 'parquet'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** The two programs that are compared: `npm run batch`, and a script with pandas and scikit-learn. */
export const scorers = ['sepal', 'pandas'] as const;
export type Scorer = (typeof scorers)[number];

/** The time and memory that each scorer's command took for one table. The scorers took turns. */
export interface ScoredTable {
  readonly model: string;
  readonly format: TableFormat;
  readonly rows: number;
  readonly runs: Readonly<Record<Scorer, readonly Measured[]>>;
  /** Megabytes of the input, and of Sepal's output. */
  readonly input: number;
  readonly output: number;
}

const folder = resolve('dist/bench/tables');
const models = resolve('dist/bench/models');

/** Rows. For larger tables the two outputs are not compared, because comparing takes longer than scoring. */
const mostCompared = 1_000_000;

/**
 * Measures how long `npm run batch` and pandas take to score each table, from the start of the command to its end, on
 * one core.
 */
export async function measureTables(
  { tableModels, tableSizes }: TablePlan,
  inRounds: InRounds,
): Promise<ScoredTable[]> {
  await exportModels(tableModels);
  // Creates the virtual environment of training/ if there is none yet.
  await run('training/run', ['python', '--version']);
  const measured: ScoredTable[] = [];
  for (const { rows, rounds } of tableSizes) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeInputs(tableModels.map(kindOf), rows);
    for (const model of tableModels) {
      for (const format of tableFormats) measured.push(await measureTable({ model, format, rows }, rounds, inRounds));
    }
  }
  await rm(folder, { recursive: true, force: true });
  return measured;
}

const kindOf = (model: string): TableKind => (model === 'churn' ? 'churn' : 'iris');
const inputOf = (kind: TableKind, format: TableFormat) => `${folder}/${kind}.${format}`;

async function writeInputs(kinds: readonly TableKind[], rows: number): Promise<void> {
  say(`writing tables of ${rows.toLocaleString('en')} rows`);
  for (const kind of tableKinds.filter((known) => kinds.includes(known))) {
    await writeTable(inputOf(kind, 'csv'), kind, rows);
    await run(python, [resolve('bench/peers/pandas/to_parquet.py'), inputOf(kind, 'csv'), inputOf(kind, 'parquet')]);
  }
}

type Table = Pick<ScoredTable, 'model' | 'format' | 'rows'>;

async function measureTable(table: Table, rounds: number, inRounds: InRounds): Promise<ScoredTable> {
  const { model, format, rows } = table;
  const input = inputOf(kindOf(model), format);
  const outputs = { sepal: `${folder}/sepal.${format}`, pandas: `${folder}/pandas.${format}` };
  say(`${rounds} rounds of ${rows.toLocaleString('en')} rows of ${format}, ${model}`);
  const runs = await inRounds(rounds, scorers, async (scorer) => {
    await rm(outputs[scorer], { force: true });
    return runOnOneCore(commands[scorer](model, input, outputs[scorer]), oneThread);
  });
  if (rows <= mostCompared) await compare(outputs);
  const [inputBytes, outputBytes] = [(await stat(input)).size, (await stat(outputs.sepal)).size];
  for (const scorer of scorers) await rm(outputs[scorer], { force: true });
  return { ...table, runs, input: inputBytes / 1e6, output: outputBytes / 1e6 };
}

/**
 * The scripts call this interpreter directly and not through `training/run`, which turns off the newest instructions of
 * the processor. Pandas must be as fast as it can be.
 */
const python = resolve('training/.venv/bin/python');
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

const commands: Readonly<Record<Scorer, (model: string, input: string, output: string) => readonly string[]>> = {
  sepal: (model, input, output) => [
    ...['npm', 'run', '--silent', 'batch', '--', input, output],
    ...['--model', `${models}/${model}`, '--keep', 'id', '--jobs', '1'],
  ],
  pandas: (model, input, output) => {
    return [python, resolve('bench/peers/pandas/score.py'), `${models}/${model}/model.pickle`, input, output];
  },
};

/** Fails if the two outputs differ. */
async function compare(outputs: Readonly<Record<Scorer, string>>): Promise<void> {
  await run(python, [resolve('bench/peers/pandas/compare.py'), outputs.sepal, outputs.pandas]);
}

export async function describePython(): Promise<string> {
  const versions = "import pandas, sklearn; print(f'pandas {pandas.__version__}, scikit-learn {sklearn.__version__}')";
  return (await run(python, ['-c', versions])).stdout;
}
