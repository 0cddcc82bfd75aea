import { createAnswerWriter, createLayout, type Piece, type Table, type WriteAnswer } from '../answer-writing.ts';
import type { Class } from '../model/classes.ts';
import { onceFor } from '../once-for.ts';
import { toCell } from './cell.ts';
import { toClassCell } from './class-cell.ts';

/**
 * The header fields of the answer columns. A column's name can be a class or contain a target's name, so it is escaped
 * like a class.
 */
export function toAnswerCells(outputs: Table['outputs']): readonly string[] {
  return outputs.flatMap(({ columns }) => columns.map(({ name }) => toLabelCell(name)));
}

/**
 * Returns a name that two answer columns share, for example if a class is called `label`; undefined if there is none.
 * A client that reads columns by name would confuse the two.
 */
export function findRepeatedCell(outputs: Table['outputs']): string | undefined {
  const seen = new Set<string>();
  return toAnswerCells(outputs).find((cell) => seen.size === seen.add(cell).size);
}

function toLabelCell(value: Class): string {
  return toCell(toClassCell(value));
}

/** Writes the fields of an answer, between commas. */
export function createCellWriter(table: Table): WriteAnswer {
  return createAnswerWriter(table, toCellLayout(table.outputs));
}

/** A comma stands before each field but the first of a row. */
const toCellLayout = onceFor((outputs: Table['outputs']) => {
  const pieces = outputs.map(({ columns }, index) =>
    columns.map(({ classes }, column): Piece => {
      const before = index + column > 0 ? ',' : '';
      const texts = classes.map((value) => Buffer.from(before + toLabelCell(value)));
      return { before: Buffer.from(before), texts };
    }),
  );
  return createLayout(pieces, Buffer.alloc(0));
});
