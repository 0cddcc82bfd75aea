import type { AnswerColumn, Output } from '../model/outputs.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';

/**
 * The members of the object that answers a row, as JSON without its braces. Text, without an object for each row: those take
 * twice as long (bench/NOTES.md). Numbers are written as JSON has them: all that are asked for must be finite.
 */
export function createAnswerTexts({ outputs, blocks }: Predictions): (row: number) => string {
  const { pieces, end } = toPieces(outputs);
  const writers = outputs.map(({ kind }, index): ((row: number) => string) => {
    const of = pieces[index] as readonly Piece[];
    return kind === 'labels'
      ? labelTexts(of, blocks[index] as Int32Array)
      : numberTexts(of, blocks[index] as Float64Array);
  });
  const [first = () => '', second] = writers;
  if (!second) return (row) => first(row) + end;
  if (writers.length === 2) return (row) => first(row) + second(row) + end;
  return (row) => writers.reduce((text, write) => text + write(row), '') + end;
}

function labelTexts(pieces: readonly Piece[], positions: Int32Array): (row: number) => string {
  const [only] = pieces;
  if (only && pieces.length === 1) return (row) => only.texts[positions[row] as number] as string;
  const width = pieces.length;
  return (row) => pieces.reduce((text, { texts }, at) => text + texts[positions[row * width + at] as number], '');
}

function numberTexts(pieces: readonly Piece[], numbers: Float64Array): (row: number) => string {
  const starts = pieces.map(({ before }) => before);
  return (row) => {
    let text = '';
    let at = row * starts.length;
    for (const start of starts) {
      text += start + numbers[at];
      at += 1;
    }
    return text;
  };
}

/** What stands before a value; of a label the value too, by its position. */
interface Piece {
  readonly before: string;
  readonly texts: readonly string[];
}

/** Those of each output's columns, and what stands after the last. */
const toPieces = onceFor((outputs: readonly Output[]) => {
  const walk = createWalk();
  const pieces = outputs.map(({ field, columns }) =>
    columns.map((column) => toPiece(walk.goTo([field, ...column.path]), column)),
  );
  return { pieces, end: walk.end() };
});

function toPiece(before: string, { classes }: AnswerColumn): Piece {
  return { before, texts: classes.map((value) => before + JSON.stringify(value)) };
}

/** From one member to the next, through objects in objects: what is closed, opened and named on the way. */
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
