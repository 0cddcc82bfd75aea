import { defaultLimits } from '../limits.ts';
import { fromRows, toFeeds } from '../model/columns.ts';
import type { Model } from '../model/load.ts';
import type { Output } from '../model/outputs.ts';
import { fetch, toNumbers } from '../model/prediction.ts';
import type { Tensors } from '../model/tensor.ts';
import { limitsFor } from '../model/texts.ts';
import { isRecord } from '../model/value.ts';
import { toPointerStep } from '../pointer.ts';

/** The rows that stand for the training data: a feature outside of a coalition takes its values from them. */
export interface Background {
  readonly rows: number;
  readonly feeds: Tensors;
  /** The model's numbers for each row, row-major. */
  readonly answers: Float64Array;
  /** The mean answer to all rows, for each of the model's numbers. */
  readonly base: Float64Array;
}

/**
 * Reads the background from the package's background.json. Throws if it has not as many rows as model.json says, or if
 * the model cannot answer them.
 */
export async function openBackground(document: unknown, output: Output, { manifest, run }: Model): Promise<Background> {
  const rows = isRecord(document) && Array.isArray(document.instances) ? document.instances : [];
  const expected = manifest.explanations?.rows;
  if (rows.length !== expected) throw new Error(`expected ${expected} rows of the background, got ${rows.length}`);
  const instances = fromRows(rows, (row, key) => `/instances/${row}${toPointerStep(key)}`);
  const feeds = toFeeds(instances, manifest, limitsFor(manifest, defaultLimits));
  const answers = toNumbers(fetch(await run(feeds), output.tensor));
  return { rows: rows.length, feeds, answers, base: toMeans(answers, rows.length) };
}

/** The mean of each column of row-major numbers. */
export function toMeans(numbers: Float64Array, rows: number): Float64Array {
  const means = new Float64Array(numbers.length / rows);
  const { length: width } = means;
  for (let at = 0; at < numbers.length; at += width) {
    for (let column = 0; column < width; column += 1)
      means[column] = (means[column] as number) + (numbers[at + column] as number);
  }
  return means.map((sum) => sum / rows);
}
