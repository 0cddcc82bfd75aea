import type { PublicManifest, Row, Value } from '../model.ts';
import type { FileFormat } from './file-format.ts';
import type { FileRecord } from './file-records.ts';

/** JSON Lines: each line is a row, as an object by feature name or an array in the order of the features. */
export function createJsonlFormat({ features }: PublicManifest): FileFormat {
  const names = features.map(({ name }) => name);
  const toRow = ({ text }: FileRecord): Row => {
    const row = parse(text) as Row | Readonly<Record<string, Value>>;
    return names.map(
      (name, index) => (Array.isArray(row) ? row[index] : (row as Readonly<Record<string, Value>>)[name]) ?? null,
    );
  };
  return {
    mediaType: 'application/x-ndjson',
    hasQuotes: false,
    isHeader: () => false,
    // A line that is no JSON would make the whole request invalid JSON.
    findProblem: ({ text }) => (isRow(parse(text)) ? undefined : 'expected an object or an array in JSON'),
    toRequest: (_, rows) => ({
      text: `[${rows.map(({ text }) => text).join(',')}]`,
      type: 'application/json',
      ignored: [],
      before: 0,
      isUnclear: false,
    }),
    toNames: () => names,
    toValues: (row) => toRow(row).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    toRow,
    writeHeader: () => '',
    // Copies the row's text, because its numbers can have more digits than JavaScript keeps.
    writeRow({ text }, prediction) {
      const row = text.trim();
      const members = row.startsWith('[') ? `"row":${row}` : row.slice(1, -1);
      return `{${members},${JSON.stringify(prediction).slice(1)}\n`;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
