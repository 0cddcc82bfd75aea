/** A record of a file. Its text is unchanged. `line` is the number of the line on which it starts, from 1. */
export interface FileRecord {
  readonly line: number;
  readonly text: string;
}

/** A file is read in pieces of this many bytes, so that the memory that it takes does not grow with it. */
const bytesOfPiece = 512 * 1024;
/** The most characters of a record whose end is not found. In a longer one of CSV, a quote is probably not closed. */
const mostCharacters = 2 ** 20;

/** Some records of a file, and how many of its bytes have been read so far. */
export interface Piece {
  readonly records: readonly FileRecord[];
  readonly bytes: number;
}

/**
 * Reads a file in pieces, each when it is asked for. Throws if the file is not UTF-8, or a record does not end or is
 * too long.
 */
export async function* readPieces(file: Blob, hasQuotes: boolean): AsyncGenerator<Piece> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const split = createSplitter(hasQuotes);
  for (let from = 0; from < file.size; from += bytesOfPiece) {
    const to = Math.min(from + bytesOfPiece, file.size);
    const bytes = await file.slice(from, to).arrayBuffer();
    yield { records: split(decode(decoder, bytes, to < file.size), to === file.size), bytes: to };
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: ArrayBuffer, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new Error('The file is not UTF-8 text');
  }
}

/**
 * A record with the line break that ends it. A line break within quotes ends no record. A carriage return at the end of
 * the text does not count yet, because a line feed may follow.
 */
const withQuotes = /[^"\r\n]*(?:"[^"]*"[^"\r\n]*)*(\r\n|\n|\r(?!$))/gy;
const withoutQuotes = /[^\r\n]*(\r\n|\n|\r(?!$))/gy;

/**
 * Returns a function that returns the records that end within the texts that it was given so far. It skips blank lines.
 */
export function createSplitter(hasQuotes: boolean): (text: string, isLast: boolean) => FileRecord[] {
  const pattern = hasQuotes ? withQuotes : withoutQuotes;
  let rest = '';
  let line = 1;

  return (text, isLast) => {
    const all = `${rest}${text}${isLast ? '\n' : ''}`;
    const records: FileRecord[] = [];
    let from = 0;
    for (const [whole, end = ''] of all.matchAll(pattern)) {
      if (whole !== end) records.push({ line, text: whole.slice(0, -end.length) });
      line += countBreaks(whole);
      from += whole.length;
    }
    rest = all.slice(from);
    checkRest(rest, line, isLast, hasQuotes);
    return records;
  };
}

function countBreaks(text: string): number {
  return Array.from(text.matchAll(/\r\n|\r|\n/g)).length;
}

/** Throws if the last record does not end, or another one is too long. */
function checkRest(rest: string, line: number, isLast: boolean, hasQuotes: boolean): void {
  if (isLast ? rest === '' : rest.length <= mostCharacters) return;
  const record = `The record that begins in line ${line}`;
  if (isLast) throw new Error(`${record} does not end: a quote is not closed`);
  const advice = hasQuotes ? '; a quote in it is probably not closed' : '';
  throw new Error(`${record} is longer than ${mostCharacters} characters${advice}`);
}
