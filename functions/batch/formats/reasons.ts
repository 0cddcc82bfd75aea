import type { DataError } from '../../core/errors.ts';

const maxReasons = 10;

/** Why a row has no prediction, in one line: `sepal_width: expected a number, got a string; …`. */
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
