import type { Manifest } from '../../core/model/manifest.ts';

/** The format of a table. */
export interface TableFormat {
  readonly kind: 'csv' | 'jsonl' | 'parquet';
  /** Whether the whole table is compressed with gzip. Never for Parquet, which compresses its pages. */
  readonly gzip: boolean;
}

/** A job as the user describes it. */
export interface JobRequest {
  /** A path, or `s3://bucket/key`. */
  readonly input: string;
  readonly output: string;
  readonly inputFormat: TableFormat;
  readonly outputFormat: TableFormat;
  /** The input's columns that are copied in front of the prediction, in this order; `all` keeps the input's order. */
  readonly keep: readonly string[] | 'all';
  /** Whether probabilities, scores or distances are written beside a label. */
  readonly probabilities: boolean;
  /** Whether the explanation of each answer is written beside it. */
  readonly explain?: boolean;
  /**
   * The job fails, after its output is written, if more rows than this failed. In any case, it fails if every row
   * failed.
   */
  readonly maxFailed?: MaxFailed;
}

export type MaxFailed = { readonly rows: number } | { readonly percent: number };

/** One version of an input. */
export interface Source {
  readonly location: string;
  /** In bytes. */
  readonly size: number;
  /** An ETag, or a file's size, time of change and inode number. Every read checks that it is still the same. */
  readonly version: string;
}

/** The model that a job was planned with. */
export interface JobModel extends Pick<Manifest, 'name' | 'version' | 'sha256'> {
  /** The SHA-256 of the contents of model.json. A renamed class, for example, changes the output. */
  readonly manifestSha256: string;
}

/** What all slices of a job share. The plan writes it; scoring a slice and finishing the job read it. */
export interface Job extends JobRequest {
  readonly model: JobModel;
  readonly source: Source;
  /** Bytes of the input before its first row, such as the header of CSV. */
  readonly headerBytes: number;
  /** Names of the kept columns, also if `keep` is `all`. */
  readonly kept: readonly string[];
  /** The location of parts and reports until the job is finished. */
  readonly work: string;
}

/** Whole rows of the input that one call scores. */
export interface Slice {
  /** The number of the slice and its part, from 0. */
  readonly part: number;
  /**
   * The range of bytes in the input, without the end. For Parquet, `row` and `rows` say which row groups belong to the
   * slice.
   */
  readonly start: number;
  readonly end: number;
  /** The number of its first row, from 0. */
  readonly row: number;
  /** The number of rows. */
  readonly rows: number;
}

export interface JobPlan {
  readonly job: Job;
  readonly slices: readonly Slice[];
}

/** The result of a slice. It is written after the slice's part, so a slice with a report is done. */
export interface Report {
  readonly part: number;
  readonly rows: number;
  readonly failed: number;
  /** The size of the part. */
  readonly bytes: number;
  /** The size of the file with its failed rows. */
  readonly errorBytes: number;
  /** Rows by label; empty for a regressor. */
  readonly labels: Readonly<Record<string, number>>;
  /** The first failed rows, counted from 1. */
  readonly firstFailed: readonly number[];
}
