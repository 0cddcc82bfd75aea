import type { DataError } from '../../../core/errors.ts';

/** What is wrong with a row, for its `error` column: `sepal_width: expected a number, got a string; …`. */
export function toErrorText(problems: readonly DataError[]): string {
  return problems.map(({ pointer, detail }) => (pointer ? `${toName(pointer)}: ${detail}` : detail)).join('; ');
}

/** The name that a JSON pointer of one step leads to. */
function toName(pointer: string): string {
  return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
}
