import { createAnswerWriter, createLayout, type Piece, type WriteAnswer } from '../answer-writing.ts';
import type { Class } from '../model/classes.ts';
import type { Output } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';
import { toCell } from './cell.ts';
import { toClassCell } from './class-cell.ts';

/** The header cells of an answer's columns: names of fields, classes and targets. */
export function toAnswerCells(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap(({ columns }) => columns.map(({ name }) => toLabelCell(name)));
}

/**
 * The first header cell that occurs twice, for example if a class is called `label`. A reader that looks up columns by
 * name would mix the two up.
 */
export function findRepeatedCell(outputs: readonly Output[]): string | undefined {
  const seen = new Set<string>();
  return toAnswerCells(outputs).find((cell) => seen.size === seen.add(cell).size);
}

function toLabelCell(value: Class): string {
  return toCell(toClassCell(value));
}

/** Creates a writer of one row's answer as CSV cells, with commas between them. */
export function createCellWriter(predictions: Predictions): WriteAnswer {
  return createAnswerWriter(predictions, toCellLayout(predictions.outputs));
}

/** Each cell but the first of a row begins with a comma. */
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
