import { append, appendByte, appendText, createByteBuffer, take } from '../../core/byte-buffer.ts';
import { toExplanationRecords } from '../../core/explain/records.ts';
import { createMemberWriter, toMemberLayout } from '../../core/json/answers.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { JobError } from '../job/job-error.ts';
import { noColumnToKeep } from './column-names.ts';
import type { Input, InputFormat, KeptColumn, OutputFormat, Reading, ScoredRun } from './format.ts';
import { createLineCutter, maxRowBytes, toBatches } from './jsonl/lines.ts';
import { namesOf, readLine, toLines, toRun } from './jsonl/rows.ts';
import { toReasons } from './row-problems.ts';
import { mostRunRows } from './run-rows.ts';
import { wholeParts } from './whole-parts.ts';

/** Enough for a few thousand rows of a few features. */
const batchBytes = 256 * 1024;

/** JSON Lines: each line is one row, an object of values by name or an array of values. Blank lines are skipped. */
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
    const rows = mostRunRows(reading.manifest);
    for await (const batch of toBatches(store.read(source, start, end), batchBytes)) {
      const lines = toLines(batch);
      for (let first = 0; first < lines.length; first += rows) yield toRun(lines.slice(first, first + rows), reading);
    }
  },

  createPart({ manifest }) {
    return {
      write: (run) => toBytes(run, manifest),
      end: () => new Uint8Array(),
    };
  },

  async assemble(parts) {
    return wholeParts(parts);
  },
};

const byteOrderMark = Buffer.from('\uFEFF');

/** Reads the beginning of the input, long enough to hold a complete row. */
async function readHead({ store, source }: Input): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of store.read(source, 0, Math.min(source.size, 2 * maxRowBytes))) {
    blocks.push(block);
    length += block.length;
    // The size of a compressed input is unknown, so stop here.
    if (length >= 2 * maxRowBytes) break;
  }
  return Buffer.concat(blocks);
}

/** Finds the columns to keep. The first line that is a JSON object or array must have all of them. Throws InvalidJob. */
function findKept(lines: readonly (string | undefined)[], { keep, manifest, limits }: Reading): readonly string[] {
  if (keep.length === 0) return [];
  for (const line of lines) {
    const row = readLine(line, limits);
    const names = 'value' in row ? namesOf(row.value, manifest) : undefined;
    if (names) return keep === 'all' ? names : checkKept(keep, names);
  }
  return keep === 'all' ? [] : keep;
}

/**
 * Refuses the usual mistakes: an array of rows, and JSON that is broken into lines. No valid row begins like these.
 */
function checkFirst(line: string | undefined): void {
  const text = line?.trim() ?? '';
  if (/^\[\s*[[{]/.test(text)) {
    const advice = "the first line is an array of rows; convert it with jq -c '.[]'";
    throw new JobError('InvalidInput', `Expected JSON Lines (one row per line), but ${advice}`);
  }
  if (text !== '[' && text !== '{') return;
  const advice = text === '[' ? "; convert an array with jq -c '.[]'" : '; convert objects with jq -c .';
  throw new JobError('InvalidInput', `Expected JSON Lines (one row per line), but the first line is ${text}${advice}`);
}

function checkKept(keep: readonly string[], names: readonly string[]): readonly string[] {
  for (const name of keep) {
    if (!names.includes(name)) throw noColumnToKeep('The first row', name, names);
  }
  return keep;
}

function toBytes(run: ScoredRun, manifest: Manifest): Uint8Array {
  const writeMembers = createMemberWriter(run.predictions);
  const explain = createExplanationTexts(run, manifest);
  const keys = run.kept.map(({ name }) => `${JSON.stringify(name)}:`);
  const target = createByteBuffer(run.rows * (toMemberLayout(run.predictions.outputs).most + lineBytes));
  for (let row = 0; row < run.rows; row += 1) {
    appendByte(target, openingBrace);
    for (const [index, column] of run.kept.entries()) appendText(target, `${keys[index]}${toJson(column, row)},`);
    const answer = run.answers[row] as number;
    if (answer >= 0) {
      writeMembers(answer, target);
      appendText(target, explain(answer));
    } else appendText(target, `"error":${JSON.stringify(toReasons(run.problems.get(row) ?? []))}`);
    append(target, lineEnd);
  }
  return take(target);
}

/** Returns a function that formats the members of an answer's explanation; empty if the job asks for none. */
function createExplanationTexts({ predictions }: ScoredRun, manifest: Manifest): (answer: number) => string {
  if (!predictions.explanations) return () => '';
  const records = toExplanationRecords(predictions, predictions.explanations, manifest);
  return (answer) => `,${JSON.stringify(records[answer]).slice(1, -1)}`;
}

const openingBrace = 0x7b;
const lineEnd = Buffer.from('}\n');
/** A first guess for the bytes of a line besides the answer. The buffer grows if it needs more. */
const lineBytes = 32;

function toJson(column: KeptColumn, row: number): string {
  if (column.json) return column.json(row);
  return JSON.stringify(column.value(row)) ?? 'null';
}
