/** One step of a JSON pointer (RFC 6901). */
export function toPointerStep(key: string | number | undefined): string {
  if (key === undefined) return '';
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
