import type { Manifest } from '../core/model/manifest.ts';

/** How a table is written down. */
export interface TableFormat {
  readonly kind: 'csv' | 'jsonl' | 'parquet';
  /** Whether the whole of it is packed by gzip; never of Parquet, which packs its pages. */
  readonly gzip: boolean;
}

/** What a user asks for. */
export interface JobRequest {
  /** A path, or `s3://bucket/key`. */
  readonly input: string;
  readonly output: string;
  readonly inputFormat: TableFormat;
  readonly outputFormat: TableFormat;
  /** The input's columns that stand before the prediction, in this order; `all` in the input's order. */
  readonly keep: readonly string[] | 'all';
  /** Whether probabilities, scores or distances stand beside a label. */
  readonly probabilities: boolean;
  /** More failed rows than this make the job fail, once its output is written. Left out, only if no row at all fits. */
  readonly maxFailed?: MaxFailed;
}

export type MaxFailed = { readonly rows: number } | { readonly percent: number };

/** One version of an input. */
export interface Source {
  readonly location: string;
  /** In bytes. */
  readonly size: number;
  /** An ETag, or what a file system tells: what is read must still be of this version. */
  readonly version: string;
}

/** Which model a job was planned with. */
export interface JobModel extends Pick<Manifest, 'name' | 'version' | 'sha256'> {
  /** The SHA-256 of all that model.json says: a class that is called otherwise makes other tables. */
  readonly manifestSha256: string;
}

/** What all slices of a job share: written down by the plan, read by whoever scores a slice or finishes the job. */
export interface Job extends JobRequest {
  readonly model: JobModel;
  readonly source: Source;
  /** Bytes of the input before its first row: of CSV the header. */
  readonly headerBytes: number;
  /** Names of the columns that are kept, whether they were named or all. */
  readonly kept: readonly string[];
  /** Where parts and reports are kept until the job is finished. */
  readonly work: string;
}

/** A piece of the input that is scored at once, in whole rows. */
export interface Slice {
  /** From 0. */
  readonly part: number;
  /** Bytes of the input, the end not included. Of Parquet, the row groups from the start on, which `row` and `rows` tell. */
  readonly start: number;
  readonly end: number;
  /** The number of its first row, from 0. */
  readonly row: number;
  /** -1 where it is not known before it is read, as of gzip. */
  readonly rows: number;
}

export interface JobPlan {
  readonly job: Job;
  readonly slices: readonly Slice[];
}

/** What came of a slice. Written beside its part, last: a slice that has a report is done. */
export interface Report {
  readonly part: number;
  readonly rows: number;
  readonly failed: number;
  /** Of the part. */
  readonly bytes: number;
  /** Of the lines of its failed rows. */
  readonly errorBytes: number;
  /** Rows by label, of a classifier. */
  readonly labels: Readonly<Record<string, number>>;
  /** The first failed rows, counted from 1 as people do. */
  readonly firstFailed: readonly number[];
}
