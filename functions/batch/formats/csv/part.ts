import { append, appendByte, appendText, type ByteBuffer, createByteBuffer, take } from '../../../core/byte-buffer.ts';
import { createCellWriter, toAnswerCells } from '../../../core/csv/answer-writing.ts';
import { toCell } from '../../../core/csv/cell.ts';
import { comma, lineFeed } from '../../../core/csv/grammar.ts';
import { answeredOutputs } from '../../job/output-columns.ts';
import type { KeptColumn, PartWriter, ScoredRun, StoredPart, Writing } from '../format.ts';
import { toReasons } from '../row-problems.ts';
import { wholeParts } from '../whole-parts.ts';

/** Writes one line per row: kept fields, the answer, and the error if there is one. `assemble` adds the header. */
export function createPart({ manifest, job }: Writing): PartWriter {
  const noAnswer = Buffer.alloc(toAnswerCells(answeredOutputs(manifest, job)).length - 1, comma);
  let size = 64 * 1024;
  return {
    write(run) {
      const target = createByteBuffer(size);
      writeRun(run, noAnswer, target);
      // The next run is about as large, so its buffer starts at this size plus an eighth.
      size = target.length + target.length / 8;
      return take(target);
    },
    end: () => new Uint8Array(),
  };
}

function writeRun(run: ScoredRun, noAnswer: Uint8Array, target: ByteBuffer): void {
  const { rows, answers, kept, problems } = run;
  const writeCells = createCellWriter(run.table);
  for (let row = 0; row < rows; row += 1) {
    for (const column of kept) {
      writeKept(column, row, target);
      appendByte(target, comma);
    }
    const answer = answers[row] as number;
    if (answer >= 0) writeCells(answer, target);
    else append(target, noAnswer);
    appendByte(target, comma);
    if (answer < 0) appendText(target, toCell(toReasons(problems.get(row) ?? [])));
    appendByte(target, lineFeed);
  }
}

function writeKept(column: KeptColumn, row: number, target: ByteBuffer): void {
  if (column.copyField) column.copyField(row, target);
  else appendText(target, toCell(column.text(row) ?? ''));
}

/** Returns the header, followed by all parts unchanged. */
export async function assemble(parts: readonly StoredPart[], { manifest, job, kept }: Writing) {
  const cells = [...kept.map(toCell), ...toAnswerCells(answeredOutputs(manifest, job)), 'error'];
  return [Buffer.from(`${cells.join()}\n`), ...wholeParts(parts)];
}
