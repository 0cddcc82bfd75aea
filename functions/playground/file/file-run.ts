import type { Api } from '../api.ts';
import type { FileFormat } from './file-format.ts';
import type { RowProblem } from './file-problems.ts';
import { type FileRecord, readPieces } from './file-records.ts';
import { createSender, mostProblems, type PredictedRow, type SendOptions, type Sent } from './file-sender.ts';

/** More rows would make the page slow. They are in the file to download. */
export const mostShown = 100;

/** The result of a file so far. */
export interface FileResult {
  readonly header: FileRecord | undefined;
  /** The first of the rows that were predicted. */
  readonly shown: readonly PredictedRow[];
  readonly rows: number;
  readonly problems: readonly RowProblem[];
  readonly ignored: readonly string[];
  /** The rows with their predictions, as text. They are Blobs, because a browser keeps large Blobs on disk. */
  readonly parts: readonly Blob[];
}

interface Run {
  readonly api: Api;
  readonly format: FileFormat;
  readonly options: SendOptions;
  onProgress(bytes: number, result: FileResult): void;
}

/**
 * Predicts a file of any size. It keeps one piece of the file in memory at a time. Throws the error that ends the run.
 */
export async function predictFile(file: Blob, { api, format, options, onProgress }: Run): Promise<void> {
  const send = createSender(api, format, options);
  let result: FileResult = { header: undefined, shown: [], rows: 0, problems: [], ignored: [], parts: [] };
  for await (const { header, rows, bytes } of readRows(file, format)) {
    for await (const sent of send(header, rows)) {
      result = add({ ...result, header }, sent, format, options);
      onProgress(bytes, result);
      if (result.problems.length > mostProblems)
        throw new Error(`There are more than ${mostProblems} problems, so the rest was not sent`);
    }
  }
  if (result.rows + result.problems.length === 0) throw new Error('There are no rows');
}

async function* readRows(file: Blob, format: FileFormat) {
  let header: FileRecord | undefined;
  let isFirst = true;
  for await (const { records, bytes } of readPieces(file, format.hasQuotes)) {
    const [first, ...others] = records;
    const isHeader = first !== undefined && isFirst && format.isHeader(first);
    if (isHeader) header = first;
    isFirst &&= first === undefined;
    yield { header, rows: isHeader ? others : records, bytes };
  }
}

function add(
  result: FileResult,
  { predicted, problems, ignored }: Sent,
  format: FileFormat,
  { explains }: SendOptions,
): FileResult {
  const { header, shown, rows, parts } = result;
  const lines = predicted.map(({ record, prediction }) => format.writeRow(record, prediction));
  const text = [...(parts.length === 0 ? [format.writeHeader(header, explains)] : []), ...lines].join('');
  return {
    header,
    shown: [...shown, ...predicted.slice(0, mostShown - shown.length)],
    rows: rows + predicted.length,
    problems: [...result.problems, ...problems],
    ignored: ignored.length > 0 ? ignored : result.ignored,
    parts: [...parts, new Blob([text], { type: format.mediaType })],
  };
}
