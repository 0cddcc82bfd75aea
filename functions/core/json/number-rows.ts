import type { Limits } from '../limits.ts';
import { type Column, writeValue } from '../model/column.ts';
import type { Instances } from '../model/columns.ts';
import type { Leniency } from '../model/names.ts';
import { readNumber } from '../numbers/reading.ts';
import { toPointerStep } from '../pointer.ts';
import { endOfNumber, skipSpace } from './number-scan.ts';

/** Rows that hold nothing but numbers, as most large requests do. */
export interface NumberRows {
  /** The name of the member that holds the rows, if they are the only member of an object. */
  readonly name: string | undefined;
  readonly count: number;
  /** Row-major, [rows, features]. */
  readonly values: Float64Array;
}

/** Below this many characters, JSON.parse is as fast and leaves little garbage (bench/NOTES.md). */
const few = 512 * 1024;
/** No protocol has a longer name for its rows. Reading stops here, because a client may send a name of megabytes. */
const longestName = 32;
const [bracket, closingBracket, brace, closingBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const [comma, colon, quote] = [0x2c, 0x3a, 0x22];

/**
 * Reads a large `[[1, 2], [3, 4]]`, or the same as an object's only member, from bytes into one array of numbers.
 * JSON.parse would create an array per row; together these took a third of the memory of the largest request. Returns
 * undefined if the document is smaller, has other contents or exceeds a limit: parseJson then reads it, and reports
 * what is wrong.
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

/**
 * The name of the member that holds the rows (small letters only), undefined if no object surrounds them, and the
 * position where the rows begin.
 */
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

/** The position after the object around the rows, if there is one; -1 if it does not end here. */
function endOfDocument(bytes: Uint8Array, end: number, { text }: Name): number {
  if (text === undefined) return end;
  return bytes[end] === closingBrace ? skipSpace(bytes, end + 1) : -1;
}

const isLetter = (byte: number) => byte >= 0x61 && byte <= 0x7a;

/**
 * Counts the rows: the arrays within the first one. Returns 0 if the first one holds no array, or if there are more
 * rows than a request may have.
 */
function countRows(bytes: Uint8Array, from: number, { rows }: Limits): number {
  if (bytes[from] !== bracket || bytes[skipSpace(bytes, from + 1)] !== bracket) return 0;
  let count = 0;
  for (let at = bytes.indexOf(bracket, from + 1); at >= 0; at = bytes.indexOf(bracket, at + 1)) count += 1;
  return count <= rows ? count : 0;
}

/** Fills `values` with all rows. Returns the position after them, or -1 if they do not have the expected shape. */
function readRows(bytes: Uint8Array, from: number, width: number, values: Float64Array): number {
  let at = from;
  for (let first = 0; first < values.length; first += width) {
    // The first row follows the opening bracket, every other row a comma.
    if (bytes[at] !== (first === 0 ? bracket : comma)) return -1;
    at = readRow(bytes, skipSpace(bytes, at + 1), first, first + width, values);
    if (at < 0) return -1;
  }
  return bytes[at] === closingBracket ? skipSpace(bytes, at + 1) : -1;
}

/**
 * Reads a row into values[first] to values[end - 1]. Returns the position after it, or -1 if it does not hold exactly
 * that many numbers.
 */
function readRow(bytes: Uint8Array, from: number, first: number, end: number, values: Float64Array): number {
  let at = from;
  for (let index = first; index < end; index += 1) {
    if (bytes[at] !== (index === first ? bracket : comma)) return -1;
    const start = skipSpace(bytes, at + 1);
    at = endOfNumber(bytes, start);
    // readNumber returns NaN if this is not a JSON number.
    const value = readNumber(bytes, start, at);
    if (!Number.isFinite(value)) return -1;
    values[index] = value;
    at = skipSpace(bytes, at);
  }
  return bytes[at] === closingBracket ? skipSpace(bytes, at + 1) : -1;
}

/** The rows as `Instances`. `pointer` leads to the array that holds them. */
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
