import { append, appendByte, appendText, createByteBuffer, take } from '../../core/byte-buffer.ts';
import { createMemberWriter, toMemberLayout } from '../../core/json/answers.ts';
import { JobError } from '../job-error.ts';
import { noColumnToKeep } from './column-names.ts';
import type { Input, InputFormat, KeptColumn, OutputFormat, Reading, ScoredRun } from './format.ts';
import { createLineCutter, maxRowBytes, toBatches } from './jsonl/lines.ts';
import { namesOf, readLine, toLines, toRun } from './jsonl/rows.ts';
import { toReasons } from './row-problems.ts';
import { wholeParts } from './whole-parts.ts';

/** A few thousand rows of some features. */
const batchBytes = 256 * 1024;

/** JSON Lines: a row a line, which is a record of values by name or an array of them. Blank lines are no rows. */
export const jsonl: InputFormat & OutputFormat = {
  async cut(input, reading, sliceBytes) {
    const head = await readHead(input);
    const headerBytes = head.indexOf(byteOrderMark) === 0 ? byteOrderMark.length : 0;
    const lines = toLines(head.subarray(headerBytes));
    checkFirst(lines[0]);
    const kept = findKept(lines, reading);
    const cutter = createLineCutter(headerBytes, sliceBytes);
    for await (const block of input.store.read(input.source, headerBytes, input.source.size)) cutter.take(block);
    return { headerBytes, kept, slices: cutter.end() };
  },

  async *read({ store, source }, { start, end }, _, reading) {
    for await (const batch of toBatches(store.read(source, start, end), batchBytes)) {
      const lines = toLines(batch);
      if (lines.length > 0) yield toRun(lines, reading);
    }
  },

  createPart() {
    return {
      write: toBytes,
      end: () => new Uint8Array(),
    };
  },

  async assemble(parts) {
    return wholeParts(parts);
  },
};

const byteOrderMark = Buffer.from('\uFEFF');

/** The beginning, in which there is a whole row if there is any. */
async function readHead({ store, source }: Input): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of store.read(source, 0, Math.min(source.size, 2 * maxRowBytes))) {
    blocks.push(block);
    length += block.length;
    // An input that is packed has no known end.
    if (length >= 2 * maxRowBytes) break;
  }
  return Buffer.concat(blocks);
}

/** The columns to keep, which the first row that is one must have. Throws InvalidJob. */
function findKept(lines: readonly (string | undefined)[], { keep, manifest, limits }: Reading): readonly string[] {
  if (keep.length === 0) return [];
  for (const line of lines) {
    const row = readLine(line, limits);
    const names = 'value' in row ? namesOf(row.value, manifest) : undefined;
    if (names) return keep === 'all' ? names : checkKept(keep, names);
  }
  return keep === 'all' ? [] : keep;
}

/** A document over many lines is the usual mistake: no row begins so. */
function checkFirst(line: string | undefined): void {
  const text = line?.trim() ?? '';
  if (/^\[\s*[[{]/.test(text)) {
    const advice = "the first line is an array of rows; jq -c '.[]' writes a row a line";
    throw new JobError('InvalidInput', `Expected JSON Lines, a row a line, and ${advice}`);
  }
  if (text !== '[' && text !== '{') return;
  const advice = text === '[' ? "; jq -c '.[]' writes an array so" : '; jq -c . writes objects so';
  throw new JobError('InvalidInput', `Expected JSON Lines, a row a line, and the first line is ${text} alone${advice}`);
}

function checkKept(keep: readonly string[], names: readonly string[]): readonly string[] {
  for (const name of keep) {
    if (!names.includes(name)) throw noColumnToKeep('The first row', name, names);
  }
  return keep;
}

function toBytes(run: ScoredRun): Uint8Array {
  const writeMembers = createMemberWriter(run.predictions);
  const keys = run.kept.map(({ name }) => `${JSON.stringify(name)}:`);
  const target = createByteBuffer(run.rows * (toMemberLayout(run.predictions.outputs).most + lineBytes));
  for (let row = 0; row < run.rows; row += 1) {
    appendByte(target, openingBrace);
    for (const [index, column] of run.kept.entries()) appendText(target, `${keys[index]}${toJson(column, row)},`);
    const answer = run.answers[row] as number;
    if (answer >= 0) writeMembers(answer, target);
    else appendText(target, `"error":${JSON.stringify(toReasons(run.problems.get(row) ?? []))}`);
    append(target, lineEnd);
  }
  return take(target);
}

const openingBrace = 0x7b;
const lineEnd = Buffer.from('}\n');
/** Of a line, beside the answer; more room is made where it is needed. */
const lineBytes = 32;

function toJson(column: KeptColumn, row: number): string {
  if (column.json) return column.json(row);
  const value = column.value(row);
  // Parquet's integers can have more digits than JSON.parse keeps; JSON itself has no bound.
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'null';
}
