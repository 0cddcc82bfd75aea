import { carriageReturn, comma, type Flaw, lineFeed, quote } from './grammar.ts';

/** A record, and where its fields stand: overwritten by the next one. */
export interface ScannedRecord {
  /** Where the content of each field begins and ends, of as many as there is room for. Quotes around it are not counted. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Fields, also those for which there is no room. 0 where there is no further record. */
  fields: number;
  start: number;
  flaw: Flaw | undefined;
  /** Where the flaw is, or the quote that is never closed. */
  flawAt: number;
}

const noPlaces = new Int32Array();

/** With room for the places of so many fields; of none, to count them or to look for a flaw. */
export function createRecord(room: number): ScannedRecord {
  const starts = room === 0 ? noPlaces : new Int32Array(room);
  const ends = room === 0 ? noPlaces : new Int32Array(room);
  return { starts, ends, fields: 0, start: 0, flaw: undefined, flawAt: 0 };
}

/**
 * Finds the fields of the first record from a position on, and returns where it ends: at a line break, or at the end of the
 * bytes, where it may go on in further ones. -1 where a quote is not closed.
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
      // Beyond its room a typed array takes nothing.
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

/** The first comma, line break or quote. */
function findSpecial(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= comma && (byte === comma || byte === lineFeed || byte === carriageReturn || byte === quote)) break;
  }
  return at;
}

/** A field with a quote in it. Returns where it ends; -1 where its quote is not closed. */
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

/** The quote that is no half of a doubled one; -1 where there is none. */
function findClosing(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== quote) continue;
    if (at + 1 === end || bytes[at + 1] !== quote) return at;
    at += 1;
  }
  return -1;
}
