import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';

/** Parses a text with csv-parse, an independent CSV parser. Returns undefined if the text is malformed. */
export function parseByOther(text: string): readonly string[][] | undefined {
  try {
    return parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

const pieces = [
  'a',
  'ä',
  '1.5',
  ' ',
  ',',
  ',',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '"',
  '""',
  '"x"',
  '"a""b"',
  '"a\r\nb,"',
  ',"',
];

/**
 * Texts made mostly of commas, line breaks and quotes. Some are malformed CSV, and some begin with a byte order mark.
 */
export const csvText = fc
  .tuple(fc.constantFrom('', '', '\uFEFF'), fc.array(fc.constantFrom(...pieces), { maxLength: 24 }))
  .map(([mark, parts]) => mark + parts.join(''));

/** Writes a field, in quotes if it needs them or if `quotes` is set. */
export function writeField(text: string, quotes: boolean): string {
  return quotes || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
