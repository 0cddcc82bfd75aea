import { defaultLimits } from '../limits.ts';
import type { RunRows } from './chunks.ts';
import { fromRows, type Instances, type PointerOf, toFeeds } from './columns.ts';
import type { Manifest } from './manifest.ts';
import { outputsOf, toShown } from './outputs.ts';
import { type Prediction, toPredictions } from './prediction.ts';
import { readAt, toRecords } from './records.ts';

/** Rows as arrays, and the right answers to them. */
export interface Answered {
  readonly instances: readonly (readonly unknown[])[];
  readonly predictions: readonly Prediction[];
}

/** How close an answer must be: within `tolerance` times the scale, or times the expected value if that is larger. */
export interface Precision {
  readonly tolerance: number;
  readonly scale: number;
}

/** A row with a wrong answer, and that answer. */
export interface Difference {
  readonly row: number;
  readonly answer: Prediction;
}

interface Asked {
  readonly manifest: Manifest;
  readonly run: RunRows;
}

/**
 * Runs every row as an array and as a record, the two forms that clients send. Returns the rows with wrong answers.
 * Throws the same errors as a request with bad rows.
 */
export async function replay(
  { instances, predictions }: Answered,
  pointerOf: PointerOf,
  model: Asked,
  precision: Precision,
): Promise<readonly Difference[]> {
  const rows = [...instances, ...instances.map((row) => toRecord(row, model.manifest))];
  const toRow = (index: number) => index % instances.length;
  const answers = await answer(
    fromRows(rows, (index, key) => pointerOf(toRow(index), key)),
    model,
  );
  const differences = new Map<number, Difference>();
  for (const [index, given] of answers.entries()) {
    const row = toRow(index);
    if (!isNear(given, predictions[row], model.manifest, precision)) differences.set(row, { row, answer: given });
  }
  return [...differences.values()];
}

function toRecord(row: readonly unknown[], { features }: Manifest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(features.map(({ name }, index) => [name, row[index]]));
}

async function answer(instances: Instances, { manifest, run }: Asked): Promise<Prediction[]> {
  const fetches = await run(toFeeds(instances, manifest, defaultLimits));
  return toRecords(toPredictions(fetches, toShown(manifest, false), instances));
}

/** Whether the labels are equal and the numbers close enough. */
function isNear(
  actual: Prediction,
  expected: Prediction | undefined,
  manifest: Manifest,
  { tolerance, scale }: Precision,
): boolean {
  const near = (ours: number, theirs: number) =>
    Math.abs(ours - theirs) <= tolerance * Math.max(scale, Math.abs(theirs));
  return outputsOf(manifest).every(({ field, kind, columns }) =>
    columns.every(({ path }) => {
      const [ours, theirs] = [readAt(actual, field, path), readAt(expected, field, path)];
      return kind === 'labels' ? ours === theirs : near(Number(ours), Number(theirs));
    }),
  );
}
