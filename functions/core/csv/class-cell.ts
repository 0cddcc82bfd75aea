import { type Class, toName } from '../model/classes.ts';

/** What spreadsheets begin a formula with; some take the wide forms of these signs too. */
const formula = /^'*[=@+\-\uFF1D\uFF20\uFF0B\uFF0D\t\r\n]/;
const number = /^[+-](\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A class in a table that a spreadsheet may open: a text that it would run as a formula stands behind an apostrophe, which
 * makes it text there. Where apostrophes stand before such a text already, it gets one more: different texts stay different.
 */
export function toClassCell(value: Class): string {
  const name = toName(value);
  const isRun = typeof value === 'string' && formula.test(name) && !number.test(name);
  return isRun ? `'${name}` : name;
}
