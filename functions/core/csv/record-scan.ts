import { carriageReturn, comma, type Flaw, lineFeed, quote } from './grammar.ts';

/** The positions of one record's fields. The next scan overwrites them. */
export interface ScannedRecord {
  /**
   * Where the content of each field begins and ends, without its quotes. Fields beyond the arrays' length are only
   * counted.
   */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The number of fields, including those beyond the arrays' length. 0 if there is no further record. */
  fields: number;
  start: number;
  flaw: Flaw | undefined;
  /** The position of the flaw, or of the quote that is never closed. */
  flawAt: number;
}

const noPlaces = new Int32Array();

/**
 * Creates a record with room for the positions of `room` fields. With 0, it serves to count records or to look for
 * flaws.
 */
export function createRecord(room: number): ScannedRecord {
  const starts = room === 0 ? noPlaces : new Int32Array(room);
  const ends = room === 0 ? noPlaces : new Int32Array(room);
  return { starts, ends, fields: 0, start: 0, flaw: undefined, flawAt: 0 };
}

/**
 * Finds the fields of the first record at or after `from`. Returns the record's end: a line break, or `end`, in which
 * case the record may go on in further bytes. Returns -1 if a quote is not closed.
 */
export function scanRecord(bytes: Uint8Array, from: number, end: number, record: ScannedRecord): number {
  let at = from;
  while (at < end && (bytes[at] === lineFeed || bytes[at] === carriageReturn)) at += 1;
  record.start = at;
  record.flaw = undefined;
  record.fields = 0;
  return at === end ? end : scanFields(bytes, at, end, record);
}

function scanFields(bytes: Uint8Array, from: number, end: number, record: ScannedRecord): number {
  const { starts, ends } = record;
  let fields = 0;
  let at = from;
  for (;;) {
    const begin = at;
    at = findSpecial(bytes, at, end);
    if (at < end && bytes[at] === quote) {
      at = scanQuotes(bytes, begin, at, end, record, fields);
      if (at < 0) return -1;
    } else {
      // A write beyond the end of a typed array has no effect.
      starts[fields] = begin;
      ends[fields] = at;
    }
    fields += 1;
    if (at === end || bytes[at] !== comma) break;
    at += 1;
  }
  record.fields = fields;
  return at;
}

/** The position of the first comma, line break or quote. */
function findSpecial(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= comma && (byte === comma || byte === lineFeed || byte === carriageReturn || byte === quote)) break;
  }
  return at;
}

/** Scans a field that holds a quote at `at`. Returns the field's end, or -1 if the quote is not closed. */
function scanQuotes(
  bytes: Uint8Array,
  begin: number,
  at: number,
  end: number,
  record: ScannedRecord,
  field: number,
): number {
  if (at > begin) return scanFlawed(bytes, begin, at, end, record, field, 'quote');
  const closing = findClosing(bytes, begin + 1, end);
  if (closing < 0) {
    record.flawAt = begin;
    return -1;
  }
  const after = closing + 1;
  if (after < end && !isDelimiter(bytes[after] as number)) {
    return scanFlawed(bytes, begin, after, end, record, field, 'rest');
  }
  record.starts[field] = begin + 1;
  record.ends[field] = closing;
  return after;
}

function scanFlawed(
  bytes: Uint8Array,
  begin: number,
  flawAt: number,
  end: number,
  record: ScannedRecord,
  field: number,
  flaw: Flaw,
): number {
  let at = flawAt;
  while (at < end && !isDelimiter(bytes[at] as number)) at += 1;
  if (record.flaw === undefined) {
    record.flaw = flaw;
    record.flawAt = flawAt;
  }
  record.starts[field] = begin;
  record.ends[field] = at;
  return at;
}

function isDelimiter(byte: number): boolean {
  return byte === comma || byte === lineFeed || byte === carriageReturn;
}

/** The position of the closing quote, which is not doubled; -1 if there is none. */
function findClosing(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== quote) continue;
    if (at + 1 === end || bytes[at + 1] !== quote) return at;
    at += 1;
  }
  return -1;
}
