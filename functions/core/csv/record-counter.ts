import { carriageReturn, comma, isLineBreak, lineFeed, quote } from './grammar.ts';

/** Counts records in bytes that arrive in pieces. Positions are counted from the first byte of the first piece. */
export interface RecordCounter {
  /** Records that have ended so far. */
  records: number;
  /** Bytes received so far. */
  position: number;
  /** Where the current record begins, or the blank lines before it. */
  recordStart: number;
  /** Whether the bytes received so far end inside quotes. */
  isQuoted: boolean;
  /** The last byte received. It starts as a line feed, as if a line had just ended. */
  last: number;
  /** Where the last closing quote was. Another quote right after it is the second half of a doubled quote. */
  closedAt: number;
  /** Called for each record with its start (or that of the blank lines before it) and its end after the line break. */
  readonly onRecord: (start: number, end: number) => void;
}

export function createRecordCounter(onRecord: RecordCounter['onRecord']): RecordCounter {
  return { records: 0, position: 0, recordStart: 0, isQuoted: false, last: lineFeed, closedAt: -1, onRecord };
}

/**
 * Counts the records in the next piece. `indexOf` looks for line breaks and quotes many bytes at a time. A piece often
 * has no quote, or no carriage return: a single call of `indexOf` then searches it to its end, and `Next` keeps the
 * result, so that it is not searched again.
 */
export function countRecords(bytes: Uint8Array, counter: RecordCounter): void {
  const { length } = bytes;
  if (length === 0) return;
  const next: Next = { feed: -1, back: -1, mark: -1 };
  let at = counter.isQuoted ? skipQuoted(bytes, 0, counter) : 0;
  for (;;) {
    at = findSpecial(bytes, at, next);
    if (at === length) break;
    at = takeSpecial(bytes, at, counter);
  }
  counter.last = bytes[length - 1] as number;
  counter.position += length;
}

/**
 * The next position of each special byte. A position before the current one is out of date, and looked up again when
 * needed.
 */
interface Next {
  feed: number;
  back: number;
  mark: number;
}

function findSpecial(bytes: Uint8Array, at: number, next: Next): number {
  if (next.feed < at) next.feed = find(bytes, lineFeed, at);
  if (next.back < at) next.back = find(bytes, carriageReturn, at);
  if (next.mark < at) next.mark = find(bytes, quote, at);
  return Math.min(next.feed, next.back, next.mark);
}

/** The first position of `byte` from `from` on; the length of the bytes if there is none. */
function find(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

/** Handles the line break or quote at `at`. Returns the position to go on from. */
function takeSpecial(bytes: Uint8Array, at: number, counter: RecordCounter): number {
  const before = at > 0 ? (bytes[at - 1] as number) : counter.last;
  if (bytes[at] !== quote) {
    endLine(at, before, counter);
    return at + 1;
  }
  counter.isQuoted = opens(at, before, counter);
  return counter.isQuoted ? skipQuoted(bytes, at + 1, counter) : at + 1;
}

/** Call after the last piece: counts a last record that has no line break. */
export function endRecords(counter: RecordCounter): void {
  if (!isLineBreak(counter.last) || counter.isQuoted) endLine(-1, comma, counter);
}

function endLine(at: number, before: number, counter: RecordCounter): void {
  const { recordStart } = counter;
  const end = counter.position + at + 1;
  counter.recordStart = end;
  if (before === lineFeed || before === carriageReturn) return;
  counter.records += 1;
  counter.onRecord(recordStart, end);
}

/** Whether the quote at `at` opens a field: at a field's beginning, or right after a quote that seemed to close one. */
function opens(at: number, before: number, { position, closedAt }: RecordCounter): boolean {
  return before === comma || isLineBreak(before) || position + at === closedAt + 1;
}

/**
 * Returns the position after the next quote. That quote closes the field unless another one follows directly. Without a
 * quote, returns the length of the piece, and the field stays open.
 */
function skipQuoted(bytes: Uint8Array, from: number, counter: RecordCounter): number {
  const at = bytes.indexOf(quote, from);
  if (at < 0) return bytes.length;
  counter.isQuoted = false;
  counter.closedAt = counter.position + at;
  return at + 1;
}
