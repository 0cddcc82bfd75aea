/**
 * Writes a key as one reference token of a JSON pointer (RFC 6901), with the slash before it. Empty if there is no key.
 */
export function toPointerStep(key: string | number | undefined): string {
  if (key === undefined) return '';
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
