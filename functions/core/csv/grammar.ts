/*
 * CSV here, for requests and for whole tables: UTF-8; records end at \n, \r\n or \r, and blank lines are none. A quote opens a
 * quoted field at its beginning only; inside, "" is a quote, and line breaks belong to the field. After the closing quote only
 * a comma, the end of the record or the end of the input may follow.
 */

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const quote = 0x22;
export const comma = 0x2c;

/** What makes a record malformed. Where its fields begin and end is still told: such a field lasts to the next comma. */
export type Flaw = 'quote' | 'rest';

export const flawTexts: Readonly<Record<Flaw, string>> = {
  quote: 'a quote stands within a field that begins without one',
  rest: 'after the quote that closes a field stands neither a comma nor a line end',
};

/** A record has at most as many bytes in a table: one that is longer has a quote that is never closed. */
export const maxRecordBytes = 2 ** 20;

/** How many bytes a byte order mark at the beginning takes. */
export function countMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

export function isLineBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
