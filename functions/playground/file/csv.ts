/** The fields of one record of RFC 4180. */
export function parseFields(record: string): string[] {
  return Array.from(`,${record}`.matchAll(field), ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare);
}

/** A field, quoted or bare, behind a comma. */
const field = /,(?:"((?:[^"]|"")*)"|([^,]*))/g;

export function writeCsv(records: readonly (readonly (string | number)[])[]): string {
  return records.map((fields) => `${toFields(fields)}\r\n`).join('');
}

/** A record without its end. */
export function toFields(fields: readonly (string | number)[]): string {
  return fields.map(toField).join(',');
}

function toField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
