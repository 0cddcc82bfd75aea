/*
 * The CSV that requests and tables may contain: UTF-8; a record ends at \n, \r\n or \r; blank lines are skipped. A
 * quote opens a quoted field only at the field's beginning. Inside it, "" stands for a quote, and line breaks belong to
 * the field. Only a comma, the end of the record or the end of the input may follow the closing quote.
 */

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const quote = 0x22;
export const comma = 0x2c;

/** Why a record is malformed. The scan goes on: such a field lasts to the next comma or line break. */
export type Flaw = 'quote' | 'rest';

export const flawTexts: Readonly<Record<Flaw, string>> = {
  quote: 'an unquoted field contains a quote',
  rest: 'neither a comma nor a line end follows the closing quote of a field',
};

/** The longest record of a table, in bytes. A longer one is taken for a record with an unclosed quote. */
export const maxRecordBytes = 2 ** 20;

/** The length of the byte order mark at the beginning: 3, or 0 without one. */
export function countMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

export function isLineBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
