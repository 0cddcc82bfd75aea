import { createAnswerWriter, createLayout, type Piece, type WriteAnswer } from '../answer-writing.ts';
import type { Class } from '../model/classes.ts';
import type { Output } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';
import { toCell } from './cell.ts';
import { toClassCell } from './class-cell.ts';

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

/** Writes the fields of an answer, between commas. */
export function createCellWriter(predictions: Predictions): WriteAnswer {
  return createAnswerWriter(predictions, toCellLayout(predictions.outputs));
}

/** A comma stands before each field but the first of a row. */
const toCellLayout = onceFor((outputs: readonly Output[]) => {
  const pieces = outputs.map(({ columns }, index) =>
    columns.map(({ classes }, column): Piece => {
      const before = index + column > 0 ? ',' : '';
      const texts = classes.map((value) => Buffer.from(before + toLabelCell(value)));
      return { before: Buffer.from(before), texts };
    }),
  );
  return createLayout(pieces, Buffer.alloc(0));
});
