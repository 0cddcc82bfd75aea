import type { SchemaElement } from 'hyparquet';
import type { ConvertedType } from 'hyparquet/src/types.js';
import type { Table } from '../../../core/answer-writing.ts';
import { type Class, toClassType, toName } from '../../../core/model/classes.ts';
import type { Block } from '../../../core/model/prediction.ts';
import type { DType } from '../../../core/model/tensor.ts';
import { answeredOutputs } from '../../job/output-columns.ts';
import type { KeptColumn, ScoredRun, Writing } from '../format.ts';
import { toReasons } from '../row-problems.ts';
import type { Values } from './cursor.ts';
import { isStored } from './kept.ts';

/** A column of the output, and a function that returns its values for a run. */
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

/** The output's columns: kept ones, those of the answer, then `error`. */
export function toOutputColumns({ manifest, job }: Writing, kept: readonly SchemaElement[]): readonly OutputColumn[] {
  const keptColumns = kept.map((element, index) => {
    return { element, valuesOf: ({ kept: columns, rows }: ScoredRun) => toStored(columns[index] as KeptColumn, rows) };
  });
  const error = { element: optional('error', text), valuesOf: toErrors };
  const answered = answeredOutputs(manifest, job).flatMap(toAnswerColumns);
  return [...keptColumns, ...answered, error];
}

function toAnswerColumns({ kind, columns }: Table['outputs'][number], output: number): readonly OutputColumn[] {
  return columns.map(({ name, classes }, index) => {
    const type = kind === 'labels' ? labelTypes[toClassType(classes)] : ({ type: 'DOUBLE' } as const);
    const stored = toStoredClasses(classes);
    const valuesOf = (run: ScoredRun): Values => {
      const values = columnOf(run, output, index, columns.length);
      return ofAnswers(run, kind === 'labels' ? Array.from(values, (label) => stored[label]) : values);
    };
    return { element: optional(toName(name), type), valuesOf };
  });
}

/** One column of a row-major block. */
function columnOf({ predictions, table }: ScoredRun, output: number, index: number, width: number): Block {
  const block = table.blocks[output] as Block;
  if (width === 1) return block;
  const column = new Float64Array(predictions.rows);
  for (let row = 0; row < column.length; row += 1) column[row] = block[row * width + index] as number;
  return column;
}

function optional(name: string, type: Omit<SchemaElement, 'name'>): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...type };
}

/** The type of a kept column: unchanged from a Parquet input, else text. */
export function toKeptElement(column: KeptColumn): SchemaElement {
  return isStored(column) ? toElement(column.element) : textElement(column.name);
}

export function textElement(name: string): SchemaElement {
  return optional(name, text);
}

/** The type of a column, without what describes its place in the input file. */
export function toElement({ field_id: _, num_children: __, ...element }: SchemaElement): SchemaElement {
  const { logical_type: logical, ...others } = element;
  if (logical?.type !== 'INTEGER') return element;
  // hyparquet-writer writes the width of an INTEGER type as 32 bits, but the format has 8, and Arrow then refuses the
  // file. The older converted_type says the same.
  const converted_type = `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}` as NonNullable<ConvertedType>;
  return { ...others, converted_type };
}

function toStored(column: KeptColumn, rows: number): Values {
  return isStored(column) ? column.stored : Array.from({ length: rows }, (_, row) => column.text(row));
}

/** Puts the values of answers into the rows that have an answer. If all rows have one, returns the values unchanged. */
function ofAnswers({ answers, problems }: ScoredRun, values: Values): Values {
  if (problems.size === 0) return values;
  return Array.from(answers, (answer) => (answer < 0 ? undefined : values[answer]));
}

/** int64 classes as bigints, the form in which Parquet's 64-bit integers are written. */
function toStoredClasses(classes: readonly Class[]): readonly unknown[] {
  return toClassType(classes) === 'int64' ? classes.map((value) => BigInt(value)) : classes;
}

function toErrors({ rows, problems }: ScoredRun): Values {
  const errors = new Array<string | undefined>(rows);
  for (const [row, found] of problems) errors[row] = toReasons(found);
  return errors;
}
