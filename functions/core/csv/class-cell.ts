import { type Class, toName } from '../model/classes.ts';

/** Texts that a spreadsheet runs as a formula. Some spreadsheets also accept the full-width forms of these signs. */
const formula = /^'*[=@+\-\uFF1D\uFF20\uFF0B\uFF0D\t\r\n]/;
const number = /^[+-](\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Formats a class for a table that may be opened in a spreadsheet. A text that the spreadsheet would run as a formula
 * gets an apostrophe in front, which makes it plain text. If the text already begins with apostrophes, it gets one
 * more, so that different classes stay different.
 */
export function toClassCell(value: Class): string {
  const name = toName(value);
  const isRun = typeof value === 'string' && formula.test(name) && !number.test(name);
  return isRun ? `'${name}` : name;
}
