/** A record as it stands in a file, and the line on which it starts, the first being 1. */
export interface FileRecord {
  readonly line: number;
  readonly text: string;
}

/** A file is read by so many bytes, so what is held of it does not grow with it. */
const bytesOfPiece = 512 * 1024;
/** A longer record has a quote that is never closed. */
const mostCharacters = 2 ** 20;

/** Records of a file, and how much of it has been read by then. */
export interface Piece {
  readonly records: readonly FileRecord[];
  readonly bytes: number;
}

/** The next piece is read when it is asked for. Throws where the file is no UTF-8, or a record does not end. */
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
    throw new Error('Expected the file to be UTF-8, and it is not');
  }
}

/** Records up to their end, which is at no line break between quotes. What may be half of a line break is none yet. */
const withQuotes = /[^"\r\n]*(?:"[^"]*"[^"\r\n]*)*(\r\n|\n|\r(?!$))/gy;
const withoutQuotes = /[^\r\n]*(\r\n|\n|\r(?!$))/gy;

/** Gives the records that end within what it is called with. Blank lines are none. */
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
    checkRest(rest, line, isLast);
    return records;
  };
}

function countBreaks(text: string): number {
  return Array.from(text.matchAll(/\r\n|\r|\n/g)).length;
}

function checkRest(rest: string, line: number, isLast: boolean): void {
  if (isLast ? rest === '' : rest.length <= mostCharacters) return;
  throw new Error(`The record that begins in line ${line} does not end: a quote is not closed`);
}
