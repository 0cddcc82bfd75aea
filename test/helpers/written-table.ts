import { readFileSync } from 'node:fs';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { collect } from './memory-store.ts';
import { toScoredRun, toWriting, writeTable } from './parquet-output.ts';
import { toInput } from './parquet-table.ts';
import { predictionsOf } from './predictions.ts';

/** The file that training/tests/test_batch_output.py reads with pandas. */
export const writtenTable = 'test/fixtures/parquet/written.parquet';

/**
 * Writes a table of two parts with the same rows. It has kept columns of all kinds, and predictions of iris. The second
 * row of each part has no prediction.
 */
export async function makeWrittenTable(): Promise<Uint8Array> {
  const manifest = parseManifest(JSON.parse(readFileSync('models/iris/model.json', 'utf8')));
  const input = await toInput(readFileSync('test/fixtures/parquet/kinds.parquet'));
  const reading = { manifest, limits: defaultLimits, keep: 'all' as const };
  const { slices, kept } = await parquet.cut(input, reading, 1);
  const runs = slices.map((slice) => collect(parquet.read(input, slice, 0, { ...reading, keep: kept })));
  const problems = new Map([[1, [{ pointer: '/sepal_width', detail: 'expected a number, got null' }]]]);
  const probabilities = [0.75, 0.25, 0, 0.125, 0.125, 0.75];
  const predictions = predictionsOf(manifest, { label: [0, 2], probabilities });
  const scored = (await Promise.all(runs)).flat().map((run) => toScoredRun({ ...run, problems, predictions }));
  return writeTable([scored, scored], toWriting(manifest, kept));
}
