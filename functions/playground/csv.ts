/** A record and the line of the file on which it starts, the first being 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** RFC 4180, only to show what the API has read: blank lines are no records, as there. */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  for (const [, quoted, bare = '', end = ''] of text.replace(/^\uFEFF/, '').matchAll(token)) {
    const field = quoted?.replaceAll('""', '"') ?? bare;
    fields.push(field);
    line += countLines(field);
    if (end === ',') continue;
    if (quoted !== undefined || fields.join() !== '') records.push({ line: start, fields });
    fields = [];
    line += 1;
    start = line;
    if (end === '') break;
  }
  return records;
}

/** A field, quoted or bare, and what ends it. */
const token = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\r|\n|$)/g;

function countLines(field: string): number {
  return field.match(/\r\n|\r|\n/g)?.length ?? 0;
}

export function writeCsv(records: readonly (readonly (string | number)[])[]): string {
  return records.map((fields) => `${fields.map(toField).join(',')}\r\n`).join('');
}

function toField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
