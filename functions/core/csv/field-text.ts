import { quote } from './grammar.ts';

/** Whether the content of a field that begins here stands in quotes: before any other stand a comma, a line break or nothing. */
export function isQuoted(bytes: Uint8Array, start: number): boolean {
  return bytes[start - 1] === quote;
}

/** The text of a field, by where its content begins and ends. What is no UTF-8 becomes U+FFFD. */
export function toFieldText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return isQuoted(bytes, start) ? text.replaceAll('""', '"') : text;
}
