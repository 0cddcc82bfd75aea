import { type ByteBuffer, reserve } from './byte-buffer.ts';
import type { Output } from './model/outputs.ts';
import type { Block } from './model/prediction.ts';
import { longestNumber, writeNumber } from './numbers/writing.ts';

/** The answers to some rows, in columns: the model's outputs and, if asked for, their explanations. */
export interface Table {
  readonly outputs: readonly Pick<Output, 'kind' | 'columns'>[];
  /** One block of values per output, row-major. */
  readonly blocks: readonly Block[];
}

/** A column of answers as bytes. */
export interface Piece {
  /** Bytes written before a number, such as `,` or `"score":`. */
  readonly before: Uint8Array;
  /** For a column of labels: one text per class, which includes what comes before it. Empty for a column of numbers. */
  readonly texts: readonly Uint8Array[];
}

/** The pieces of one row's answer, whatever the format. */
export interface Layout {
  /** By output, then by column. */
  readonly pieces: readonly (readonly Piece[])[];
  /** Bytes written after the last column. */
  readonly end: Uint8Array;
  /** The largest number of bytes that one row's answer can take. */
  readonly most: number;
}

export function createLayout(pieces: Layout['pieces'], end: Uint8Array): Layout {
  const sizes = pieces.flat().map(({ before, texts }) => {
    return texts.length > 0
      ? texts.reduce((most, { length }) => Math.max(most, length), 0)
      : before.length + longestNumber;
  });
  return { pieces, end, most: sizes.reduce((sum, size) => sum + size, end.length) };
}

/** Writes the answer to a row. */
export type WriteAnswer = (row: number, target: ByteBuffer) => void;

/** Writes answers as bytes, whatever the format: no value becomes a string on the way. */
export function createAnswerWriter({ outputs, blocks }: Table, { pieces, end, most }: Layout): WriteAnswer {
  const writers = outputs.map(({ kind }, index): WriteValues => {
    const own = pieces[index] as readonly Piece[];
    return kind === 'labels'
      ? createLabelWriter(own, blocks[index] as Int32Array)
      : createNumberWriter(own, blocks[index] as Float64Array);
  });
  return (row, target) => {
    reserve(target, most);
    const { bytes } = target;
    let at = target.length;
    for (let index = 0; index < writers.length; index += 1) at = (writers[index] as WriteValues)(row, bytes, at);
    target.length = copy(end, bytes, at);
  };
}

/** Writes to `bytes` from `at` on, where the caller has made room. Returns the position after the last byte. */
type WriteValues = (row: number, bytes: Uint8Array, at: number) => number;

function createLabelWriter(pieces: readonly Piece[], positions: Int32Array): WriteValues {
  const width = pieces.length;
  return (row, bytes, start) => {
    let at = start;
    for (let column = 0; column < width; column += 1) {
      const { texts } = pieces[column] as Piece;
      at = copy(texts[positions[row * width + column] as number] as Uint8Array, bytes, at);
    }
    return at;
  };
}

function createNumberWriter(pieces: readonly Piece[], numbers: Float64Array): WriteValues {
  const width = pieces.length;
  return (row, bytes, start) => {
    let at = start;
    for (let column = 0; column < width; column += 1) {
      at = copy((pieces[column] as Piece).before, bytes, at);
      at = writeNumber(numbers[row * width + column] as number, bytes, at);
    }
    return at;
  };
}

/** Copies in a loop, because names are only a few bytes long and `Uint8Array.set` is slower for so few. */
function copy(from: Uint8Array, bytes: Uint8Array, start: number): number {
  const { length } = from;
  for (let at = 0; at < length; at += 1) bytes[start + at] = from[at] as number;
  return start + length;
}
