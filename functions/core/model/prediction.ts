import { createDataErrors } from '../errors.ts';
import type { Explanations } from '../explain/explanations.ts';
import type { Class } from './classes.ts';
import type { Instances } from './columns.ts';
import type { AnswerColumn, Field, Output, Shown } from './outputs.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** The answers to all rows, in the rows' order. */
export interface Predictions {
  readonly rows: number;
  /** The outputs that the answer shows. */
  readonly outputs: readonly Output[];
  /**
   * One block for each of these outputs, row-major, [rows, columns]: positions of labels among the classes, or numbers.
   */
  readonly blocks: readonly Block[];
  /**
   * The largest probability of each row and target, for an answer that does not show the probabilities. Only the
   * largest is kept, because a row can have thousands of them.
   */
  readonly confidences?: Float64Array;
  /** Undefined if the request does not ask for explanations. */
  readonly explanations?: Explanations | undefined;
}

export type Block = Int32Array | Float64Array;

type ByName<T> = Readonly<Record<string, T>>;

/**
 * The answer to one row as JSON holds it. Probabilities, scores and distances are by the name of the class. With several
 * targets, labels and values are by the name of the target, and probabilities by the target first, then the class.
 */
export type Prediction =
  | {
      readonly label: Class;
      readonly score?: number | undefined;
      readonly probabilities?: ByName<number> | undefined;
      readonly scores?: ByName<number> | undefined;
      readonly distances?: ByName<number> | undefined;
    }
  | { readonly labels: ByName<Class>; readonly probabilities?: ByName<ByName<number>> | undefined }
  | { readonly value: number }
  | { readonly values: ByName<number> };

/** The answers, and the rows whose answer holds a number that is not finite, in their order. */
export interface Answers {
  readonly predictions: Predictions;
  readonly unanswered: readonly number[];
}

/** The error for a row whose answer is not finite. */
export const noAnswer = 'the model has no finite answer for these values; are they far outside of the training data?';

/** Reads the model's outputs. If outputs are hidden, `keepShown` (labels-alone.ts) must have reduced `fetches`. */
export function toAnswers(fetches: Tensors, { outputs, hidden }: Shown): Answers {
  const blocks = outputs.map((output) => {
    const tensor = fetch(fetches, output.tensor);
    return output.kind === 'labels' ? toPositions(tensor, output.columns) : toNumbers(tensor);
  });
  const rows = (blocks[0]?.length ?? 0) / (outputs[0]?.columns.length ?? 1);
  const reduced = hidden.map(({ tensor }) => toNumbers(fetch(fetches, tensor)));
  const confidences = reduced[hidden.findIndex(({ field }) => field === 'probabilities')];
  const numbers = [...blocks.filter((_, index) => outputs[index]?.kind === 'numbers'), ...reduced];
  return {
    predictions: { rows, outputs, blocks, ...(confidences && { confidences }) },
    unanswered: findUnanswered(numbers, rows),
  };
}

/** Reads the model's outputs. Throws InvalidInput if the answer to a row is not finite. */
export function toPredictions(
  fetches: Tensors,
  shown: Shown,
  { pointerOf }: Pick<Instances, 'pointerOf'>,
): Predictions {
  const { predictions, unanswered } = toAnswers(fetches, shown);
  if (unanswered.length === 0) return predictions;
  const errors = createDataErrors();
  for (const row of unanswered) errors.add(pointerOf(row), noAnswer);
  errors.throwIfAny();
  return predictions;
}

/** The block of a field. Throws if the answer does not show this field. */
export function blockOf({ outputs, blocks }: Predictions, field: Field): Block {
  const block = blocks[outputs.findIndex((output) => output.field === field)];
  if (!block) throw new Error(`the answer does not show ${field}`);
  return block;
}

/** Predictions for zero rows. */
export function toNoPredictions({ outputs }: Shown): Predictions {
  return { rows: 0, outputs, blocks: outputs.map(({ kind }) => createBlock(kind, 0)) };
}

export function createBlock(kind: Output['kind'], length: number): Block {
  return kind === 'labels' ? new Int32Array(length) : new Float64Array(length);
}

/**
 * Reads the low half of each int64 (little-endian, as Lambda's machines are). Reading the whole would create a bigint
 * for each row.
 */
function toPositions({ data }: Tensor, columns: readonly AnswerColumn[]): Int32Array {
  const { buffer, byteOffset, length } = data as BigInt64Array;
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const positions = new Int32Array(length);
  const counts = columns.map(({ classes }) => classes.length);
  for (let at = 0, column = 0; at < length; at += 1) {
    const position = halves[2 * at] as number;
    const count = counts[column] as number;
    if (position < 0 || position >= count) throw new Error(`the model answered class ${position} of ${count}`);
    positions[at] = position;
    column = column + 1 === counts.length ? 0 : column + 1;
  }
  return positions;
}

export function toNumbers({ data }: Tensor): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data as Float32Array);
}

function findUnanswered(blocks: readonly Block[], rows: number): readonly number[] {
  const areFinite = blocks.map((block) => areAllFinite(block, 0, block.length));
  if (areFinite.every(Boolean)) return [];
  const unanswered: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const hasAnswer = blocks.every((block, index) => {
      const width = block.length / rows;
      return areFinite[index] || areAllFinite(block, row * width, (row + 1) * width);
    });
    if (!hasAnswer) unanswered.push(row);
  }
  return unanswered;
}

/**
 * Whether all numbers are finite. A number minus itself is 0 if it is finite, and NaN if not. Adding up these
 * differences takes a tenth of the time of testing each number.
 */
function areAllFinite(numbers: Block, from: number, to: number): boolean {
  let differences = 0;
  for (let at = from; at < to; at += 1) differences += (numbers[at] as number) - (numbers[at] as number);
  return differences === 0;
}

export function fetch(fetches: Tensors, name: string): Tensor {
  const tensor = fetches[name];
  if (!tensor) throw new Error(`the model gave no output ${name}`);
  return tensor;
}
