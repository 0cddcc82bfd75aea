import { toClassCell } from '../../core/csv/class-cell.ts';
import { type Class, toName } from '../../core/model/classes.ts';
import { type Field, outputsOf } from '../../core/model/outputs.ts';
import { readAt } from '../../core/model/records.ts';
import { formatNumber } from '../format.ts';
import { subjectOf, subjectsOf } from '../insight/subjects.ts';
import type { Prediction, PublicManifest } from '../model.ts';

/**
 * The names of what is shown of an answer: its labels or values. A single label is followed by one number: the number of
 * this label, such as its probability, or else the only number of the answer, such as the score of an outlier.
 */
export function toAnswerNames(manifest: PublicManifest): readonly string[] {
  const [first, second] = outputsOf(manifest);
  const names = first?.columns.map(({ name }) => String(name)) ?? [];
  return names.length === 1 && second ? [...names, nouns[second.field] ?? second.field] : names;
}

const nouns: Readonly<Partial<Record<Field, string>>> = {
  probabilities: 'probability',
  scores: 'score',
  distances: 'distance',
};

/** What is shown of the answer to one row. */
export function toAnswerFields(prediction: Prediction, manifest: PublicManifest): readonly string[] {
  const [first, second] = outputsOf(manifest);
  if (!first) return [];
  const fields = first.columns.map(({ path }) => {
    const value = readAt(prediction, first.field, path) as Class;
    return first.kind === 'labels' ? toName(value) : formatNumber(value as number);
  });
  if (first.columns.length > 1 || !second) return fields;
  const subject = subjectOf(prediction, subjectsOf(manifest));
  return [...fields, subject?.format(subject.read(prediction)) ?? ''];
}

/** The columns of an answer in a table, named as the API names them. */
export function toCellNames(manifest: PublicManifest): readonly string[] {
  return outputsOf(manifest).flatMap(({ columns }) => columns.map(({ name }) => toClassCell(name)));
}

/** The cells of an answer as the API writes them. */
export function toCells(prediction: Prediction, manifest: PublicManifest): readonly (string | number)[] {
  return outputsOf(manifest).flatMap(({ field, kind, columns }) =>
    columns.map(({ path }) => {
      const value = readAt(prediction, field, path) as Class | undefined;
      return value === undefined ? '' : kind === 'labels' ? toClassCell(value) : Number(value);
    }),
  );
}
