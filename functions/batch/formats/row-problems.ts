import type { DataError } from '../../core/errors.ts';
import { toPointerStep } from '../../core/pointer.ts';

/** The problems with the rows of a run, by their positions in it. */
export interface RowProblems {
  readonly found: ReadonlyMap<number, readonly DataError[]>;
  /** Adds a problem with a whole row, or with its value at `key`: a name, or a position in an array. */
  add(row: number, detail: string, key?: string | number): void;
  /** Adds problems whose pointers already start at the row. */
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

/** The error for a row that is not UTF-8. Decoding it with U+FFFD could make two different values equal. */
export const notUtf8 = 'expected UTF-8, but it is invalid';

const maxReasons = 10;

/** Formats the problems of a row as one line: `income: expected a number, got a string; …`. */
export function toReasons(problems: readonly DataError[]): string {
  const listed = problems
    .slice(0, maxReasons)
    .map(({ pointer, detail }) => (pointer ? `${toName(pointer)}: ${detail}` : detail));
  const more = problems.length > maxReasons ? [`and ${problems.length - maxReasons} more`] : [];
  return [...listed, ...more].join('; ');
}

/** Converts a JSON pointer (RFC 6901) to a readable name. */
function toName(pointer: string): string {
  return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
}
