import type { Table } from '../../core/answer-writing.ts';
import type { ByteBuffer } from '../../core/byte-buffer.ts';
import type { DataError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import type { Tensors } from '../../core/model/tensor.ts';
import type { Job, Report, Slice, Source } from '../job/job.ts';
import type { Piece, Store } from '../stores/store.ts';

/**
 * An input and the store to read it from. An input that is decompressed while it is read has the size
 * Number.MAX_SAFE_INTEGER, because its real size is unknown.
 */
export interface Input {
  readonly store: Store;
  readonly source: Source;
}

/** The model, limits and kept columns that rows are read with. */
export interface Reading {
  readonly manifest: Manifest;
  readonly limits: Limits;
  readonly keep: readonly string[] | 'all';
}

/** A `Reading` for the rows of a slice. */
export interface SliceReading extends Reading {
  /** The names that `cut` returned in `kept`. */
  readonly keep: readonly string[];
}

/** The result of cutting an input. */
export interface Cut {
  readonly headerBytes: number;
  readonly slices: readonly Slice[];
  /** Names of the kept columns. */
  readonly kept: readonly string[];
}

/** Reads tables in one format. */
export interface InputFormat {
  /**
   * Checks the beginning of the input, or its footer, and cuts the input into slices of whole rows of about
   * `sliceBytes`. Throws InvalidInput, and InvalidJob for a column that cannot be kept.
   */
  cut(input: Input, reading: Reading, sliceBytes: number): Promise<Cut>;
  /**
   * Yields the rows of a slice, a few thousand at a time. A row that does not fit is listed in `problems` of its run;
   * it is not thrown.
   */
  read(input: Input, slice: Slice, headerBytes: number, reading: SliceReading): AsyncIterable<Run>;
}

/** Consecutive rows of the input. */
export interface Run {
  readonly rows: number;
  /** The model's inputs for the rows without problems, in their order. Rows with problems are left out. */
  readonly feeds: Tensors;
  /** The problems by the row's position in the run. Pointers lead into the row: `/name`. */
  readonly problems: ReadonlyMap<number, readonly DataError[]>;
  readonly kept: readonly KeptColumn[];
}

/** A column of the input that is copied to the output. */
export interface KeptColumn {
  readonly name: string;
  /** The value as a text, without the quotes of CSV; undefined for null. */
  text(row: number): string | undefined;
  /** The value as JSON has it; for CSV always a text. Undefined for a missing value of Parquet. */
  value(row: number): unknown;
  /** The value's original JSON, if the input is JSON, so that 1.0 stays 1.0. */
  json?(row: number): string;
  /** Copies the value's original CSV field with its quotes, if the input is CSV. */
  copyField?(row: number, target: ByteBuffer): void;
}

/** A run with its predictions. */
export interface ScoredRun extends Run {
  readonly predictions: Predictions;
  /** The columns of the predictions, followed by those of their explanations if the job asks for explanations. */
  readonly table: Table;
  /** The position of each row's prediction; -1 for a row without one, which then has problems. */
  readonly answers: Int32Array;
}

/** Writes a table with the predictions in one format: the kept columns, then those of the answer, then `error`. */
export interface OutputFormat {
  /** Creates the writer of one part. */
  createPart(writing: Writing): PartWriter;
  /** Returns the pieces of the output: every part once, in order, and what the format needs around them. */
  assemble(parts: readonly StoredPart[], writing: Writing, store: Store): Promise<readonly Piece[]>;
}

export interface Writing {
  readonly manifest: Manifest;
  readonly job: Job;
  /** Names of the kept columns. */
  readonly kept: readonly string[];
}

export interface PartWriter {
  write(run: ScoredRun): Uint8Array;
  /** Returns the last bytes of the part. */
  end(): Uint8Array;
}

export interface StoredPart {
  readonly location: string;
  readonly report: Report;
}
