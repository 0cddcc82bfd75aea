import type { Reasoned } from '../insight/explanation.ts';
import type { Row } from '../model.ts';
import type { FileRecord } from './file-records.ts';

/** The body of a request for rows of a file. */
export interface FileRequest {
  readonly text: string;
  readonly type: string;
  /** Columns that the model does not know. The API is asked to ignore them. */
  readonly ignored: readonly string[];
  /** The number of records in front of the rows: 1 if there is a header, else 0. */
  readonly before: number;
  /** Whether the API decides if the first record is a header. */
  readonly isUnclear: boolean;
}

/** A format of files with rows. */
export interface FileFormat {
  readonly mediaType: string;
  readonly hasQuotes: boolean;
  /** Whether the first record is a header. */
  isHeader(first: FileRecord): boolean;
  /** Says what is wrong with a record, as far as the page can see it without the API. */
  findProblem(record: FileRecord): string | undefined;
  toRequest(header: FileRecord | undefined, rows: readonly FileRecord[], isFirst: boolean): FileRequest;
  /** The names of the columns above the values. */
  toNames(header: FileRecord | undefined): readonly string[];
  toValues(row: FileRecord): readonly string[];
  /** The row for the form. */
  toRow(row: FileRecord, header: FileRecord | undefined): Row;
  /** The header of the results; empty if they begin with a row. */
  writeHeader(header: FileRecord | undefined, explains: boolean): string;
  writeRow(row: FileRecord, prediction: Reasoned): string;
}
