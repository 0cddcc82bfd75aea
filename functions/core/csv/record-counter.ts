import { carriageReturn, comma, isLineBreak, lineFeed, quote } from './grammar.ts';

/** What counts the records of bytes that come in pieces. Positions are those of all bytes that came. */
export interface RecordCounter {
  /** Of records that have ended. */
  records: number;
  /** Of the bytes that came. */
  position: number;
  /** Where the record at hand begins, or blank lines before it do. */
  recordStart: number;
  /** Whether the bytes end within quotes. */
  isQuoted: boolean;
  /** The last byte, at first as though a line had ended. */
  last: number;
  /** Where a quote has closed last: one that follows at once is half of a doubled one. */
  closedAt: number;
  /** Told where a record began, or blank lines before it did, and where it ended, after its line break. */
  readonly onRecord: (start: number, end: number) => void;
}

export function createRecordCounter(onRecord: RecordCounter['onRecord']): RecordCounter {
  return { records: 0, position: 0, recordStart: 0, isQuoted: false, last: lineFeed, closedAt: -1, onRecord };
}

/**
 * Takes the next bytes. The runtime looks for line breaks and quotes many bytes at a time; where there are none of a kind, as
 * is usual, that is found out once.
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

/** Where the next line feed, carriage return and quote stand; behind the position they are not known. */
interface Next {
  feed: number;
  back: number;
  mark: number;
}

/** The first of them. */
function findSpecial(bytes: Uint8Array, at: number, next: Next): number {
  if (next.feed < at) next.feed = find(bytes, lineFeed, at);
  if (next.back < at) next.back = find(bytes, carriageReturn, at);
  if (next.mark < at) next.mark = find(bytes, quote, at);
  return Math.min(next.feed, next.back, next.mark);
}

/** Where a byte stands from a position on; at the end where it does not. */
function find(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

/** A line break or a quote. Returns where to go on. */
function takeSpecial(bytes: Uint8Array, at: number, counter: RecordCounter): number {
  const before = at > 0 ? (bytes[at - 1] as number) : counter.last;
  if (bytes[at] !== quote) {
    endLine(at, before, counter);
    return at + 1;
  }
  counter.isQuoted = opens(at, before, counter);
  return counter.isQuoted ? skipQuoted(bytes, at + 1, counter) : at + 1;
}

/** The last record may end without a line break. */
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

/** Whether a quote stands at the beginning of a field, or at once after one that seemed to close its field. */
function opens(at: number, before: number, { position, closedAt }: RecordCounter): boolean {
  return before === comma || isLineBreak(before) || position + at === closedAt + 1;
}

/** What follows the next quote, which closes a field for as long as none follows at once. */
function skipQuoted(bytes: Uint8Array, from: number, counter: RecordCounter): number {
  const at = bytes.indexOf(quote, from);
  if (at < 0) return bytes.length;
  counter.isQuoted = false;
  counter.closedAt = counter.position + at;
  return at + 1;
}
