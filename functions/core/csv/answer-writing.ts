import { append, type ByteBuffer, reserve } from '../byte-buffer.ts';
import type { Class } from '../model/classes.ts';
import type { Output } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';
import { toCell } from './cell.ts';
import { toClassCell } from './class-cell.ts';
import { comma } from './grammar.ts';
import { writeNumber } from './number-writing.ts';

/** Bytes of a number, at most, and of the comma before it. */
const numberBytes = 26;

/** The columns of answers: their fields, and the classes and targets that stand within these. */
export function toAnswerCells(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap(({ columns }) => columns.map(({ name }) => toLabelCell(name)));
}

/** A name that two of the columns have, as where a class is called `label`: by names, a reader would take one for the other. */
export function findRepeatedCell(outputs: readonly Output[]): string | undefined {
  const seen = new Set<string>();
  return toAnswerCells(outputs).find((cell) => seen.size === seen.add(cell).size);
}

function toLabelCell(value: Class): string {
  return toCell(toClassCell(value));
}

/** Of each column of labels, what is written for each class: with the comma before it, where it is not the first of a row. */
const toLabels = onceFor((outputs: readonly Output[]) =>
  outputs.map(({ columns }, index) =>
    columns.map(({ classes }, column) => {
      const before = index + column > 0 ? ',' : '';
      return classes.map((value) => Buffer.from(before + toLabelCell(value)));
    }),
  ),
);

/** Writes the answer to a row of predictions, its fields between commas. */
export type WriteAnswer = (row: number, target: ByteBuffer) => void;

export function createAnswerWriter({ outputs, blocks }: Predictions): WriteAnswer {
  const labels = toLabels(outputs);
  const writers = outputs.map(({ kind, columns }, index): WriteAnswer => {
    const texts = labels[index] as readonly (readonly Buffer[])[];
    if (kind === 'labels') return createLabelWriter(texts, blocks[index] as Int32Array);
    return createNumberWriter(columns.length, blocks[index] as Float64Array, index === 0);
  });
  const [first = () => {}, second] = writers;
  if (!second) return first;
  return (row, target) => {
    for (const write of writers) write(row, target);
  };
}

function createLabelWriter(texts: readonly (readonly Buffer[])[], positions: Int32Array): WriteAnswer {
  const [only = [], ...others] = texts;
  if (others.length === 0) return (row, target) => append(target, only[positions[row] as number] as Buffer);
  return (row, target) => {
    let at = row * texts.length;
    for (const column of texts) {
      append(target, column[positions[at] as number] as Buffer);
      at += 1;
    }
  };
}

function createNumberWriter(width: number, numbers: Float64Array, isFirst: boolean): WriteAnswer {
  if (!isFirst) return (row, target) => appendNumbers(numbers, row * width, (row + 1) * width, target);
  return (row, target) => {
    const at = row * width;
    reserve(target, numberBytes);
    target.length = writeNumber(numbers[at] as number, target.bytes, target.length);
    if (width > 1) appendNumbers(numbers, at + 1, at + width, target);
  };
}

/** Writes numbers, each behind a comma. */
function appendNumbers(numbers: Float64Array, from: number, to: number, target: ByteBuffer): void {
  reserve(target, (to - from) * numberBytes);
  const { bytes } = target;
  let end = target.length;
  for (let at = from; at < to; at += 1) {
    bytes[end] = comma;
    end = writeNumber(numbers[at] as number, bytes, end + 1);
  }
  target.length = end;
}
