import type { ByteBuffer } from '../../core/byte-buffer.ts';
import type { DataError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import type { Tensors } from '../../core/model/tensor.ts';
import type { Job, Report, Slice, Source } from '../job.ts';
import type { Piece, Store } from '../stores/store.ts';

/**
 * An input, and how its bytes are had. One that is unpacked on the way has a size of Number.MAX_SAFE_INTEGER, and ends where its
 * bytes do.
 */
export interface Input {
  readonly store: Store;
  readonly source: Source;
}

/** What rows are read for. */
export interface Reading {
  readonly manifest: Manifest;
  readonly limits: Limits;
  readonly keep: readonly string[] | 'all';
}

/** What the rows of a slice are read for. */
export interface SliceReading extends Reading {
  /** What `cut` found. */
  readonly keep: readonly string[];
}

/** Where a format cuts an input. */
export interface Cut {
  readonly headerBytes: number;
  readonly slices: readonly Slice[];
  /** Of the columns that are kept. */
  readonly kept: readonly string[];
}

/** How a table is read. */
export interface InputFormat {
  /** Checks what stands at the beginning, and cuts into slices of whole rows of about `sliceBytes`. Throws InvalidInput. */
  cut(input: Input, reading: Reading, sliceBytes: number): Promise<Cut>;
  /** The rows of a slice, a few thousand at a time. A row that does not fit is a problem of its run and throws nothing. */
  read(input: Input, slice: Slice, headerBytes: number, reading: SliceReading): AsyncIterable<Run>;
}

/** Some rows of the input, one after the other. */
export interface Run {
  readonly rows: number;
  /** Of the rows that have no problem, in their order: a row that does not fit has none here. */
  readonly feeds: Tensors;
  /** By the row's position in the run. Pointers lead into the row: `/name`. */
  readonly problems: ReadonlyMap<number, readonly DataError[]>;
  readonly kept: readonly KeptColumn[];
}

/** A column of the input that goes to the output. */
export interface KeptColumn {
  readonly name: string;
  /** As its text came, of CSV without quotes; undefined for null. */
  text(row: number): string | undefined;
  /** As its format types it: of CSV always text. */
  value(row: number): unknown;
  /** Its JSON as it came, of an input that is JSON: 1.0 stays 1.0. */
  json?(row: number): string;
  /** Its field of CSV as it came, quotes included, of an input that is CSV. */
  copyField?(row: number, target: ByteBuffer): void;
}

/** A run with its answers. */
export interface ScoredRun extends Run {
  readonly predictions: Predictions;
  /** Each row's position among the predictions; -1 where it has none, and then problems. */
  readonly answers: Int32Array;
}

/** How predictions are written. The columns are: kept ones, then those of the answer, then `error`. */
export interface OutputFormat {
  /** One for each part. */
  createPart(writing: Writing): PartWriter;
  /** What the output is made of: every part once, in order. */
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
  /** What stands at the end of a part. */
  end(): Uint8Array;
}

export interface StoredPart {
  readonly location: string;
  readonly report: Report;
}
