import { append, type ByteBuffer, reserve } from '../byte-buffer.ts';
import type { Class } from '../model/classes.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Predictions } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';
import { toCell } from './cell.ts';
import { toClassCell } from './class-cell.ts';
import { comma } from './grammar.ts';
import { writeNumber } from './number-writing.ts';

/** Bytes of a number, at most, and of the comma before it. */
const numberBytes = 26;

/** The columns of answers: `label` and one for each class, or `value`. */
export function toAnswerCells(manifest: Manifest, showsProbabilities: boolean): readonly string[] {
  if (manifest.task === 'regression') return ['value'];
  const classes = showsProbabilities ? manifest.classes.map(toLabelCell) : [];
  return ['label', ...classes];
}

function toLabelCell(value: Class): string {
  return toCell(toClassCell(value));
}

const toLabels = onceFor((classes: readonly Class[]) => classes.map((value) => Buffer.from(toLabelCell(value))));

/** Writes the answer to a row of predictions, its fields between commas. */
export type WriteAnswer = (row: number, target: ByteBuffer) => void;

export function createAnswerWriter(predictions: Predictions, showsProbabilities: boolean): WriteAnswer {
  if ('values' in predictions) {
    const { values } = predictions;
    return (row, target) => {
      reserve(target, numberBytes);
      target.length = writeNumber(values[row] as number, target.bytes, target.length);
    };
  }
  const { labels } = predictions;
  const texts = toLabels(predictions.classes);
  const writeLabel: WriteAnswer = (row, target) => append(target, texts[labels[row] as number] as Buffer);
  if (!showsProbabilities || !('probabilities' in predictions)) return writeLabel;
  const { probabilities } = predictions;
  return (row, target) => {
    writeLabel(row, target);
    appendNumbers(probabilities, row * texts.length, (row + 1) * texts.length, target);
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
