import type { Reasoned } from '../insight/explanation.ts';
import type { Row } from '../model.ts';
import type { FileRecord } from './file-records.ts';

/** What the rows of a request are written as. */
export interface FileRequest {
  readonly text: string;
  readonly type: string;
  /** Columns that the model does not know, and that the API is asked to pass over. */
  readonly ignored: readonly string[];
  /** How many records of the text stand before the rows. */
  readonly before: number;
  /** Whether it is for the API to say if the first record is a header. */
  readonly isUnclear: boolean;
}

/** A kind of file that has rows. */
export interface FileFormat {
  readonly mediaType: string;
  readonly hasQuotes: boolean;
  /** Whether the first record is a header. */
  isHeader(first: FileRecord): boolean;
  /** What is wrong with a record, as far as that can be seen without the API. */
  findProblem(record: FileRecord): string | undefined;
  toRequest(header: FileRecord | undefined, rows: readonly FileRecord[], isFirst: boolean): FileRequest;
  /** What stands above the values when rows are shown. */
  toNames(header: FileRecord | undefined): readonly string[];
  toValues(row: FileRecord): readonly string[];
  /** As the form takes it. */
  toRow(row: FileRecord, header: FileRecord | undefined): Row;
  /** Of the results, which begin with it; empty where they begin with a row. */
  writeHeader(header: FileRecord | undefined, explains: boolean): string;
  writeRow(row: FileRecord, prediction: Reasoned): string;
}
