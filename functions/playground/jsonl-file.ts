import type { FileFormat } from './file-format.ts';
import type { PublicManifest } from './model.ts';

/** JSON Lines: a row in each line, an object by feature or an array by position. */
export function createJsonlFormat({ features }: PublicManifest): FileFormat {
  const names = features.map(({ name }) => name);
  return {
    mediaType: 'application/x-ndjson',
    hasQuotes: false,
    isHeader: () => false,
    // A line that is no JSON would make all of the request none.
    findProblem: ({ text }) => (isRow(parse(text)) ? undefined : 'expected an object or an array in JSON'),
    toRequest: (_, rows) => ({
      text: `[${rows.map(({ text }) => text).join(',')}]`,
      type: 'application/json',
      ignored: [],
      before: 0,
      isUnclear: false,
    }),
    toNames: () => names,
    toValues({ text }) {
      const row = parse(text);
      const values = Array.isArray(row) ? row : names.map((name) => (row as Readonly<Record<string, unknown>>)[name]);
      return values.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
    },
    writeHeader: () => '',
    // Of the text, as numbers can have more digits than JavaScript keeps.
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
