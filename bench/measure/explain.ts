import { resolve } from 'node:path';
import { run, say } from '../commands.ts';
import { exportModels, modelsFolder } from '../models/export.ts';
import type { InRounds } from '../rounds.ts';
import { median } from '../statistics.ts';
import { insideFolder } from '../systems/bundle.ts';

export const explainers = ['sepal', 'shap'] as const;
type ExplainerName = (typeof explainers)[number];

/** The models that are explained, and how long a row may take at one vCPU, in milliseconds. */
export const explained = [
  { model: 'explained-iris', what: 'iris, logistic regression', target: 2, requests: 50 },
  { model: 'explained-churn', what: 'churn, 7 columns of every type', target: 20, requests: 10 },
  { model: 'explained-forest', what: '30 features, forest of 100 trees', target: 200, requests: 3 },
] as const;

/** Milliseconds of one explained row, in each round. */
export interface ExplainedRow {
  readonly model: string;
  readonly method: string;
  readonly background: number;
  /** How many rows the model may answer for one explanation. */
  readonly rows: number;
  readonly times: Readonly<Record<ExplainerName, readonly number[]>>;
}

interface Measured {
  readonly times: readonly number[];
  readonly method: { readonly name: string; readonly background: number; readonly rows: number };
  readonly contributions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const rounds = 6;
/** The largest difference that is accepted as rounding. shap adds up in another order than Sepal. */
const rounding = 1e-9;

/**
 * Measures one row through POST /explain in process, and through shap's explainer of the original. They run in turn, each
 * in a process of its own with one thread.
 */
export async function measureExplanations(inRounds: InRounds): Promise<ExplainedRow[]> {
  await exportModels(
    explained.map(({ model }) => model),
    'bench/models/train_explain.py',
  );
  const measured: ExplainedRow[] = [];
  for (const { model, requests } of explained) {
    say(`${rounds} rounds of ${requests} explanations, ${model}`);
    const folder = resolve(modelsFolder, model);
    const { sepal, shap } = await inRounds(rounds, explainers, (name) => explainIn[name](folder, String(requests)));
    const [ours, theirs] = [sepal[0], shap[0]];
    if (!ours || !theirs) throw new Error('no round was measured');
    // With many features, shap draws other permutations than Sepal, so the numbers differ.
    if (ours.method.name === 'exact') compare(ours, theirs);
    const { name: method, background, rows } = ours.method;
    const times = { sepal: sepal.map((round) => median(round.times)), shap: shap.map((round) => median(round.times)) };
    measured.push({ model, method, background, rows, times });
  }
  return measured;
}

const oneThread = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

const explainIn: Readonly<Record<ExplainerName, (folder: string, requests: string) => Promise<Measured>>> = {
  sepal: async (folder, requests) =>
    parse(
      await run(process.execPath, ['--env-file=local/lambda.env', `${insideFolder}/explain.mjs`, folder, requests]),
    ),
  shap: async (folder, requests) =>
    parse(
      await run(resolve('training/.venv/bin/python'), [`${insideFolder}/explain.py`, folder, requests], {
        env: { ...oneThread, PYTHONPATH: resolve('training') },
      }),
    ),
};

const parse = ({ stderr }: { readonly stderr: string }): Measured => JSON.parse(stderr.split('\n').at(-1) ?? '');

function compare(ours: Measured, theirs: Measured): void {
  for (const [name, features] of Object.entries(theirs.contributions)) {
    for (const [feature, contribution] of Object.entries(features)) {
      const difference = Math.abs((ours.contributions[name]?.[feature] ?? Number.NaN) - contribution);
      if (!(difference <= rounding)) throw new Error(`${name}, ${feature}: shap differs by ${difference}`);
    }
  }
}
