import type { Limits } from '../limits.ts';
import { type Column, writeValue } from '../model/column.ts';
import type { Instances } from '../model/columns.ts';
import type { Leniency } from '../model/names.ts';
import { readNumber } from '../numbers/reading.ts';
import { toPointerStep } from '../pointer.ts';
import { endOfNumber, skipSpace } from './number-scan.ts';

/** Rows of numbers alone, as most large requests have them. */
export interface NumberRows {
  /** The name of the member that holds them, where they stand in an object that has no other. */
  readonly name: string | undefined;
  readonly count: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/** Characters of a document below which JSON.parse is as fast, and what it leaves behind is little (bench/NOTES.md). */
const few = 512 * 1024;
/** No protocol has a longer name for its rows. A client's may have megabytes. */
const longestName = 32;
const [bracket, closingBracket, brace, closingBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const [comma, colon, quote] = [0x2c, 0x3a, 0x22];

/**
 * Reads a large `[[1, 2], [3, 4]]`, or the same as the only member of an object, from bytes into numbers. JSON.parse would make an
 * array of each row, and all of them together took a third of the memory of the largest request. Undefined for a document that is
 * smaller, anything else, or beyond a limit: that goes the way of every document, which says what is wrong with it.
 */
export function readNumberRows(
  body: string | Uint8Array,
  width: number,
  limits: Limits,
  least = few,
): NumberRows | undefined {
  if (body.length < least || limits.depth < 3 || width > limits.columns) return undefined;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const name = readName(bytes, skipSpace(bytes, 0));
  if (!name) return undefined;
  const values = new Float64Array(width * countRows(bytes, name.end, limits));
  const end = values.length > 0 ? readRows(bytes, name.end, width, values) : -1;
  const isWhole = end >= 0 && endOfDocument(bytes, end, name) === bytes.length;
  return isWhole ? { name: name.text, count: values.length / width, values } : undefined;
}

/** The name of a member, of letters alone, or none where the rows stand in no object; and where they begin. */
interface Name {
  readonly text: string | undefined;
  readonly end: number;
}

function readName(bytes: Uint8Array, at: number): Name | undefined {
  if (bytes[at] !== brace) return { text: undefined, end: at };
  const start = skipSpace(bytes, at + 1) + 1;
  if (bytes[start - 1] !== quote) return undefined;
  let end = start;
  while (end - start < longestName && isLetter(bytes[end] as number)) end += 1;
  const after = bytes[end] === quote ? skipSpace(bytes, end + 1) : -1;
  if (bytes[after] !== colon) return undefined;
  return { text: String.fromCharCode(...bytes.subarray(start, end)), end: skipSpace(bytes, after + 1) };
}

/** What follows the object around the rows, where there is one. */
function endOfDocument(bytes: Uint8Array, end: number, { text }: Name): number {
  if (text === undefined) return end;
  return bytes[end] === closingBrace ? skipSpace(bytes, end + 1) : -1;
}

const isLetter = (byte: number) => byte >= 0x61 && byte <= 0x7a;

/** The arrays in the first, or none where that is no array of arrays, or where these are more than a request may have. */
function countRows(bytes: Uint8Array, from: number, { rows }: Limits): number {
  if (bytes[from] !== bracket || bytes[skipSpace(bytes, from + 1)] !== bracket) return 0;
  let count = 0;
  for (let at = bytes.indexOf(bracket, from + 1); at >= 0; at = bytes.indexOf(bracket, at + 1)) count += 1;
  return count <= rows ? count : 0;
}

/** Returns where the rows end, and -1 where they are not as many rows of so many numbers as there is room for. */
function readRows(bytes: Uint8Array, from: number, width: number, values: Float64Array): number {
  let at = from;
  for (let first = 0; first < values.length; first += width) {
    // The first row follows the bracket around all, and the others a comma.
    if (bytes[at] !== (first === 0 ? bracket : comma)) return -1;
    at = readRow(bytes, skipSpace(bytes, at + 1), first, first + width, values);
    if (at < 0) return -1;
  }
  return bytes[at] === closingBracket ? skipSpace(bytes, at + 1) : -1;
}

/** Reads a row into values[first] to values[end - 1]. Returns what follows it; -1 where it is none of so many numbers. */
function readRow(bytes: Uint8Array, from: number, first: number, end: number, values: Float64Array): number {
  let at = from;
  for (let index = first; index < end; index += 1) {
    if (bytes[at] !== (index === first ? bracket : comma)) return -1;
    const start = skipSpace(bytes, at + 1);
    at = endOfNumber(bytes, start);
    // NaN where it is no number of JSON.
    const value = readNumber(bytes, start, at);
    if (!Number.isFinite(value)) return -1;
    values[index] = value;
    at = skipSpace(bytes, at);
  }
  return bytes[at] === closingBracket ? skipSpace(bytes, at + 1) : -1;
}

/** The rows as those of any request; `pointer` leads to the array that holds them. */
export function fromNumberRows({ count, values }: NumberRows, pointer: string, leniency: Leniency): Instances {
  const width = values.length / count;
  return {
    count,
    get rows() {
      return Array.from({ length: count }, (_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));
    },
    pointerOf: (row, key) => `${pointer}/${row}${toPointerStep(key)}`,
    leniency,
    write(writer, report) {
      for (let row = 0, at = 0; row < count; row += 1) {
        for (let index = 0; index < width; index += 1, at += 1) {
          const problem = writeValue(values[at], row, writer.columns[index] as Column, writer);
          if (problem) report(row, problem, index);
        }
      }
    },
  };
}
