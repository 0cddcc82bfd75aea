import type { Class } from './classes.ts';
import type { Manifest } from './manifest.ts';
import { type Field, type Output, outputsOf } from './outputs.ts';
import { readAt } from './records.ts';
import { isRecord } from './value.ts';

/** Rows, and the answers that the original model gave to them. */
export type Example = Manifest['examples'][number];

/** Says why the answers of an example do not fit the model's outputs, or returns undefined. */
export function problemWithExample({ instances, predictions }: Example, manifest: Manifest): string | undefined {
  if (instances.length !== predictions.length) {
    return `: expected a prediction for each of ${instances.length} rows, got ${predictions.length}`;
  }
  const outputs = outputsOf(manifest);
  for (const prediction of predictions) {
    const other = Object.keys(prediction).find((name) => !outputs.some(({ field }) => field === name));
    if (other !== undefined) return `: the model has no output ${other}`;
    for (const output of outputs) {
      const problem = problemWithField(prediction, output);
      if (problem) return `: ${problem}`;
    }
  }
  return undefined;
}

const nouns: Readonly<Partial<Record<Field, string>>> = {
  probabilities: 'a probability of each class',
  scores: 'a score of each class (of two classes, only the second)',
  distances: 'a distance of each class',
  labels: 'a label of each target',
  values: 'a value of each target',
};

function problemWithField(prediction: Example['predictions'][number], output: Output): string | undefined {
  const { field, kind, columns } = output;
  const values = columns.map(({ path }) => readAt(prediction, field, path));
  if (values.includes(undefined) || countValues(readAt(prediction, field, [])) !== columns.length) {
    return `expected ${nouns[field] ?? field}, and no other`;
  }
  const isLabel = (value: unknown, index: number) => columns[index]?.classes.includes(value as Class);
  return kind === 'numbers' || values.every(isLabel) ? undefined : 'its label is not one of the classes';
}

function countValues(value: unknown): number {
  if (!isRecord(value)) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 0);
}
