import { createAnswerWriter, createLayout, type Piece, type WriteAnswer } from '../answer-writing.ts';
import type { AnswerColumn, Output } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';

/**
 * Creates a writer of one row's answer: the members of a JSON object, without its braces. All numbers must be finite,
 * because JSON has no NaN or Infinity.
 */
export function createMemberWriter(predictions: Predictions): WriteAnswer {
  return createAnswerWriter(predictions, toMemberLayout(predictions.outputs));
}

/** The pieces of a JSON answer. Each includes the names of the members and objects around its value. */
export const toMemberLayout = onceFor((outputs: readonly Output[]) => {
  const walk = createWalk();
  const pieces = outputs.map(({ field, columns }) =>
    columns.map((column) => toPiece(walk.goTo([field, ...column.path]), column)),
  );
  return createLayout(pieces, Buffer.from(walk.end()));
});

function toPiece(before: string, { classes }: AnswerColumn): Piece {
  return { before: Buffer.from(before), texts: classes.map((value) => Buffer.from(before + JSON.stringify(value))) };
}

/**
 * Walks from one member to the next through nested objects. `goTo` returns the text between them: closing braces, a
 * comma, names and opening braces.
 */
function createWalk() {
  let within: readonly string[] = [];
  let isFirst = true;
  return {
    goTo(path: readonly string[]): string {
      const [inner, name] = [path.slice(0, -1), path.at(-1)];
      const differs = inner.findIndex((step, depth) => step !== within[depth]);
      const shared = Math.min(differs < 0 ? inner.length : differs, within.length);
      const closed = '}'.repeat(within.length - shared) + (isFirst ? '' : ',');
      const opened = inner.slice(shared).map((step) => `${JSON.stringify(step)}:{`);
      within = inner;
      isFirst = false;
      return `${closed}${opened.join('')}${JSON.stringify(name)}:`;
    },
    end: () => '}'.repeat(within.length),
  };
}
