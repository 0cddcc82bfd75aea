import type { SchemaElement } from 'hyparquet';
import type { ConvertedType } from 'hyparquet/src/types.js';
import { type Class, toClassType, toNames } from '../../../core/model/classes.ts';
import { countRows } from '../../../core/model/prediction.ts';
import type { DType } from '../../../core/model/tensor.ts';
import type { KeptColumn, ScoredRun, Writing } from '../format.ts';
import { toReasons } from '../row-problems.ts';
import type { Values } from './cursor.ts';
import { isStored } from './kept.ts';

/** A column of the output, and what it holds of a run. */
export interface OutputColumn {
  readonly element: SchemaElement;
  readonly valuesOf: (run: ScoredRun) => Values;
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const labelTypes: Readonly<Record<DType, Omit<SchemaElement, 'name'>>> = {
  string: text,
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  float32: { type: 'DOUBLE' },
  float64: { type: 'DOUBLE' },
};

/** Kept columns, then `label` and a class each, or `value`, then `error`. */
export function toOutputColumns({ manifest, job }: Writing, kept: readonly SchemaElement[]): readonly OutputColumn[] {
  const keptColumns = kept.map((element, index) => {
    return { element, valuesOf: ({ kept: columns, rows }: ScoredRun) => toStored(columns[index] as KeptColumn, rows) };
  });
  const error = { element: optional('error', text), valuesOf: toErrors };
  if (manifest.task === 'regression') {
    const element = optional('value', { type: 'DOUBLE' });
    return [...keptColumns, { element, valuesOf: (run) => ofAnswers(run, valuesOf(run)) }, error];
  }
  const { classes } = manifest;
  const element = optional('label', labelTypes[toClassType(classes)]);
  const label = { element, valuesOf: (run: ScoredRun) => ofAnswers(run, toLabels(run, toStoredClasses(classes))) };
  const names = job.probabilities ? toNames(classes) : [];
  const probabilities = names.map((name, index) => {
    const valuesOf = (run: ScoredRun) => ofAnswers(run, toProbabilities(run, index));
    return { element: optional(name, { type: 'DOUBLE' }), valuesOf };
  });
  return [...keptColumns, label, ...probabilities, error];
}

function optional(name: string, type: Omit<SchemaElement, 'name'>): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...type };
}

/** How a kept column is stored: as it was in a Parquet input, else as text. */
export function toKeptElement(column: KeptColumn): SchemaElement {
  return isStored(column) ? toElement(column.element) : textElement(column.name);
}

export function textElement(name: string): SchemaElement {
  return optional(name, text);
}

/** What the type of a column is, without what its place in another file was. */
export function toElement({ field_id: _, num_children: __, ...element }: SchemaElement): SchemaElement {
  const { logical_type: logical, ...others } = element;
  if (logical?.type !== 'INTEGER') return element;
  // hyparquet-writer writes its width as 32 bits where the format has 8, and Arrow then refuses the file.
  const converted_type = `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}` as NonNullable<ConvertedType>;
  return { ...others, converted_type };
}

function toStored(column: KeptColumn, rows: number): Values {
  return isStored(column) ? column.stored : Array.from({ length: rows }, (_, row) => column.text(row));
}

/** Of the rows that have an answer; where all have one, as they are. */
function ofAnswers({ answers, predictions }: ScoredRun, values: Values): Values {
  if (answers.length === countRows(predictions)) return values;
  return Array.from(answers, (answer) => (answer < 0 ? undefined : values[answer]));
}

function valuesOf({ predictions }: ScoredRun): Values {
  return 'values' in predictions ? predictions.values : [];
}

function toLabels({ predictions }: ScoredRun, classes: Values): Values {
  return 'labels' in predictions ? Array.from(predictions.labels, (label) => classes[label]) : [];
}

/** Of int64 as bigints, which are how Parquet's integers of 64 bits are stored. */
function toStoredClasses(classes: readonly Class[]): readonly unknown[] {
  return toClassType(classes) === 'int64' ? classes.map((value) => BigInt(value)) : classes;
}

function toProbabilities({ predictions }: ScoredRun, index: number): Values {
  if (!('probabilities' in predictions)) throw new Error('the answer was to have probabilities');
  const { probabilities, classes, labels } = predictions;
  const column = new Float64Array(labels.length);
  for (let row = 0; row < column.length; row += 1) column[row] = probabilities[row * classes.length + index] as number;
  return column;
}

function toErrors({ rows, problems }: ScoredRun): Values {
  const errors = new Array<string | undefined>(rows);
  for (const [row, found] of problems) errors[row] = toReasons(found);
  return errors;
}
