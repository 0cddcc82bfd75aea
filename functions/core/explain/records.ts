import type { Manifest } from '../model/manifest.ts';
import type { AnswerColumn } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { nest, type Read } from '../model/records.ts';
import type { Explanations } from './explanations.ts';
import { createPredictedFinder } from './predicted.ts';

/** The explanation of a row as JSON holds it. Its numbers are nested like the numbers of the answer. */
export interface ExplanationRecord {
  readonly base: unknown;
  readonly contributions: unknown;
  readonly standard_errors?: unknown;
  readonly reasons: readonly string[];
}

/** Returns a record for each row. The records do not hold the answers. */
export function toExplanationRecords(
  predictions: Predictions,
  explanations: Explanations,
  manifest: Manifest,
): readonly ExplanationRecord[] {
  const { output, numbers, reasonsOf } = explanations;
  const findPredicted = createPredictedFinder(predictions, output);
  const all = output.columns.map((_, column) => column);
  const readers = new Map<string, (row: number) => Omit<ExplanationRecord, 'reasons'>>();
  return Array.from({ length: predictions.rows }, (_, row) => {
    const columns = numbers === 'all' ? all : findPredicted(row);
    const key = columns.join();
    const read = readers.get(key) ?? createReader(columns, explanations, manifest);
    readers.set(key, read);
    return { ...read(row), reasons: reasonsOf(row) };
  });
}

/** Reads some columns of the output that is explained. */
function createReader(columns: readonly number[], explanations: Explanations, { features }: Manifest) {
  const { output, base, contributions, standardErrors } = explanations;
  const nestEach = (toRead: (column: number) => Read) =>
    nest(columns.map((column) => ({ path: (output.columns[column] as AnswerColumn).path, read: toRead(column) })));
  const nestFeatures = (numbers: Float64Array) =>
    nestEach((column) =>
      nest(
        features.map(({ name }, feature) => {
          const read: Read = (row) => numbers[(row * output.columns.length + column) * features.length + feature];
          return { path: [name], read };
        }),
      ),
    );
  const members = {
    base: nestEach((column) => () => base[column]),
    contributions: nestFeatures(contributions),
    standard_errors: standardErrors && nestFeatures(standardErrors),
  };
  return (row: number) => ({
    base: members.base(row),
    contributions: members.contributions(row),
    ...(members.standard_errors && { standard_errors: members.standard_errors(row) }),
  });
}
