/** The fields of one record of RFC 4180. */
export function parseFields(record: string): string[] {
  return Array.from(`,${record}`.matchAll(field), ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare);
}

/** A comma and the field after it, quoted or not. */
const field = /,(?:"((?:[^"]|"")*)"|([^,]*))/g;

export function writeCsv(records: readonly (readonly (string | number)[])[]): string {
  return records.map((fields) => `${toFields(fields)}\r\n`).join('');
}

/** Writes a record without its line break. */
export function toFields(fields: readonly (string | number)[]): string {
  return fields.map(toField).join(',');
}

function toField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
