import type { ByteBuffer } from '../../core/byte-buffer.ts';
import type { DataError } from '../../core/errors.ts';
import { explainerOf, noExplanation } from '../../core/explain/explainer.ts';
import { toTable } from '../../core/explain/table.ts';
import { keepShown } from '../../core/model/labels-alone.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { countNumbers, type Shown, toShown } from '../../core/model/outputs.ts';
import { noAnswer, type Predictions, toAnswers, toNoPredictions } from '../../core/model/prediction.ts';
import { sliceRows } from '../../core/model/row-slices.ts';
import type { Tensors } from '../../core/model/tensor.ts';
import type { KeptColumn, Run, ScoredRun } from '../formats/format.ts';
import type { JobRequest } from '../job/job.ts';
import type { ScoringWorld } from '../world.ts';

/**
 * The most numbers that a run's predictions may have, because they are held in memory and written as text at once. With
 * three classes, no format's run has so many rows that it is divided.
 */
const maxNumbers = 1024 * 1024;
/** The most rows that are explained at once. Progress is reported after each run, and explaining takes long. */
const maxExplained = 16;

type Asked = Pick<JobRequest, 'probabilities' | 'explain'>;

/** Divides a run whose predictions would have too many numbers, or whose explanations would take too long. */
export function* divideRun(run: Run, manifest: Manifest, { explain }: Asked): Iterable<Run> {
  const width = countNumbers(manifest) * (explain ? 1 + manifest.features.length : 1);
  const mostOfNumbers = width < 2 ? run.rows : Math.ceil(maxNumbers / width);
  const most = explain ? Math.min(mostOfNumbers, maxExplained) : mostOfNumbers;
  if (run.rows <= most) {
    yield run;
    return;
  }
  const pieces = divideProblems(run.problems, most);
  let fed = 0;
  for (let start = 0; start < run.rows; start += most) {
    const rows = Math.min(most, run.rows - start);
    const problems = pieces.get(start / most) ?? new Map();
    const feeds = sliceRows(run.feeds, fed, fed + rows - problems.size);
    fed += rows - problems.size;
    yield { rows, problems, feeds, kept: run.kept.map((column) => startAt(column, start)) };
  }
}

/** The problems of each piece of `most` rows, by their positions in it. A piece without problems has no entry. */
function divideProblems(problems: Run['problems'], most: number): ReadonlyMap<number, Run['problems']> {
  const pieces = new Map<number, Map<number, readonly DataError[]>>();
  for (const [row, found] of problems) {
    const piece = Math.floor(row / most);
    const within = pieces.get(piece) ?? new Map();
    pieces.set(piece, within.set(row % most, found));
  }
  return pieces;
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
export async function scoreRun(run: Run, world: ScoringWorld, asked: Asked): Promise<ScoredRun> {
  const { predictions, without } = await answer(run, world, asked);
  const problems = new Map(run.problems);
  const answers = new Int32Array(run.rows);
  let next = 0;
  for (let row = 0; row < run.rows; row += 1) {
    answers[row] = -1;
    if (run.problems.has(row)) continue;
    const detail = without.get(next);
    if (detail !== undefined) problems.set(row, [{ pointer: '', detail }]);
    else answers[row] = next;
    next += 1;
  }
  return { ...run, problems, predictions, table: toTable(predictions, world.manifest), answers };
}

/** The answers to the rows that fit. `without` says, by their positions, why some of these rows have none. */
interface Answered {
  readonly predictions: Predictions;
  readonly without: ReadonlyMap<number, string>;
}

async function answer(run: Run, world: ScoringWorld, { probabilities, explain }: Asked): Promise<Answered> {
  const shown = toShown(world.manifest, !probabilities);
  if (run.rows === run.problems.size) return { predictions: toNoPredictions(shown), without: new Map() };
  if (explain) return answerAndExplain(run.feeds, world, shown);
  const keep = shown.hidden.length > 0 ? (fetches: Tensors) => keepShown(fetches, shown) : undefined;
  const { predictions, unanswered } = toAnswers(await world.run(run.feeds, { keep }), shown);
  return { predictions, without: toWithout(unanswered, noAnswer) };
}

/**
 * Explaining needs all outputs, also those that the job does not ask for. The latter are left out
 * afterwards: they come after the labels, which are the first output.
 */
async function answerAndExplain(feeds: Tensors, world: ScoringWorld, shown: Shown): Promise<Answered> {
  const { predictions, unanswered } = toAnswers(await world.run(feeds), toShown(world.manifest, false));
  const explainer = explainerOf(world);
  const { explanations, unexplained } = await explainer.explainEach({ feeds, predictions }, { numbers: 'predicted' });
  const blocks = predictions.blocks.slice(0, shown.outputs.length);
  return {
    predictions: { ...predictions, outputs: shown.outputs, blocks, explanations },
    without: new Map([...toWithout(unexplained, noExplanation), ...toWithout(unanswered, noAnswer)]),
  };
}

function toWithout(rows: readonly number[], detail: string): Map<number, string> {
  return new Map(rows.map((row) => [row, detail]));
}
