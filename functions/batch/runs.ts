import type { ByteBuffer } from '../core/byte-buffer.ts';
import type { DataError } from '../core/errors.ts';
import { keepShown } from '../core/model/labels-alone.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { countNumbers, toShown } from '../core/model/outputs.ts';
import { type Answers, noAnswer, toAnswers, toNoPredictions } from '../core/model/prediction.ts';
import { sliceRows } from '../core/model/row-slices.ts';
import type { Tensors } from '../core/model/tensor.ts';
import type { KeptColumn, Run, ScoredRun } from './formats/format.ts';
import type { ScoringWorld } from './world.ts';

/**
 * The most numbers that a run's predictions may have, because they are held in memory and written as text at once. For
 * three classes, that is more rows than any format's run has.
 */
const maxNumbers = 1024 * 1024;

/** Divides a run whose predictions would have too many numbers. */
export function* divideRun(run: Run, manifest: Manifest): Iterable<Run> {
  const width = countNumbers(manifest);
  const most = width < 2 ? run.rows : Math.ceil(maxNumbers / width);
  if (run.rows <= most) {
    yield run;
    return;
  }
  let fed = 0;
  for (let start = 0; start < run.rows; start += most) {
    const rows = Math.min(most, run.rows - start);
    const problems = new Map(
      [...run.problems].flatMap(([row, found]) => (isWithin(row - start, rows) ? [[row - start, found]] : [])),
    );
    const feeds = sliceRows(run.feeds, fed, fed + rows - problems.size);
    fed += rows - problems.size;
    yield { rows, problems, feeds, kept: run.kept.map((column) => startAt(column, start)) };
  }
}

function isWithin(row: number, rows: number): boolean {
  return row >= 0 && row < rows;
}

function startAt(column: KeptColumn, start: number): KeptColumn {
  const { json, copyField } = column;
  return {
    ...column,
    text: (row) => column.text(start + row),
    value: (row) => column.value(start + row),
    ...(json && { json: (row: number) => json(start + row) }),
    ...(copyField && { copyField: (row: number, target: ByteBuffer) => copyField(start + row, target) }),
  };
}

/** Predicts the rows that fit. An error of the whole run is thrown, because it is not the fault of a row. */
export async function scoreRun(run: Run, world: ScoringWorld, showsNumbers: boolean): Promise<ScoredRun> {
  const { predictions, unanswered } = await answer(run, world, showsNumbers);
  const without = new Set(unanswered);
  const problems = new Map(run.problems);
  const answers = new Int32Array(run.rows);
  let next = 0;
  for (let row = 0; row < run.rows; row += 1) {
    answers[row] = -1;
    if (run.problems.has(row)) continue;
    if (without.has(next)) problems.set(row, unansweredProblems);
    else answers[row] = next;
    next += 1;
  }
  return { ...run, problems, predictions, answers };
}

const unansweredProblems: readonly DataError[] = [{ pointer: '', detail: noAnswer }];

async function answer(run: Run, { run: runModel, manifest }: ScoringWorld, showsNumbers: boolean): Promise<Answers> {
  const shown = toShown(manifest, !showsNumbers);
  if (run.rows === run.problems.size) return { predictions: toNoPredictions(shown), unanswered: [] };
  const keep = shown.hidden.length > 0 ? (fetches: Tensors) => keepShown(fetches, shown) : undefined;
  return toAnswers(await runModel(run.feeds, { keep }), shown);
}
