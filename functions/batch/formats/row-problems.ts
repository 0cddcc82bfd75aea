import type { DataError } from '../../core/errors.ts';
import { toPointerStep } from '../../core/pointer.ts';

/** What is wrong with the rows of a run, by their positions in it. */
export interface RowProblems {
  readonly found: ReadonlyMap<number, readonly DataError[]>;
  /** Adds what is wrong with a row as a whole, or with its value at `key`: a name, or a position in an array. */
  add(row: number, detail: string, key?: string | number): void;
  /** Adds problems whose pointers lead into the row already. */
  addAll(row: number, errors: readonly DataError[]): void;
}

export function createRowProblems(): RowProblems {
  const found = new Map<number, DataError[]>();
  const addAll = (row: number, errors: readonly DataError[]) => {
    const known = found.get(row);
    if (known) known.push(...errors);
    else found.set(row, [...errors]);
  };
  return { found, add: (row, detail, key) => addAll(row, [{ pointer: toPointerStep(key), detail }]), addAll };
}

/** Said of a row whose bytes are no text: with U+FFFD in their place, two values could become one. */
export const notUtf8 = 'expected UTF-8, but it is invalid';

const maxReasons = 10;

/** Why a row has no prediction, in one line: `income: expected a number, got a string; …`. */
export function toReasons(problems: readonly DataError[]): string {
  const listed = problems
    .slice(0, maxReasons)
    .map(({ pointer, detail }) => (pointer ? `${toName(pointer)}: ${detail}` : detail));
  const more = problems.length > maxReasons ? [`and ${problems.length - maxReasons} more`] : [];
  return [...listed, ...more].join('; ');
}

/** A JSON pointer (RFC 6901) as a person reads it. */
function toName(pointer: string): string {
  return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
}
