import { quote } from './grammar.ts';

/**
 * Whether the field whose content begins at `start` is quoted. Before the content of an unquoted field comes a comma, a
 * line break or nothing.
 */
export function isQuoted(bytes: Uint8Array, start: number): boolean {
  return bytes[start - 1] === quote;
}

/** Decodes the field in bytes[start] to bytes[end - 1]. Bytes that are not UTF-8 become U+FFFD. */
export function toFieldText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return isQuoted(bytes, start) ? text.replaceAll('""', '"') : text;
}
