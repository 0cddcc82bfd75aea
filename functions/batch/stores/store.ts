import type { Source } from '../job.ts';

/** Bytes of what is stored, the end not included. */
export interface StoredRange {
  readonly location: string;
  readonly start: number;
  readonly end: number;
}

export type Piece = Uint8Array | StoredRange;

/**
 * Where inputs, parts and outputs are: a file system or S3. A location is a path, or `s3://bucket/key`. What is written is there
 * whole or not at all. Throws JobError: InputNotFound, InputChanged, InvalidJob where it may not write, Unavailable.
 */
export interface Store {
  stat(location: string): Promise<Source>;
  /** The bytes of exactly this version. Throws InputChanged where there is another by now. */
  read(source: Source, start: number, end: number): AsyncIterable<Uint8Array>;
  /** All of a small object; undefined where there is none. */
  get(location: string): Promise<Uint8Array | undefined>;
  put(location: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Writes pieces one after the other as one object. */
  join(pieces: readonly Piece[], location: string): Promise<void>;
  /** What lies under a location, in the order of the names, with its size. */
  list(location: string): Promise<readonly { readonly location: string; readonly size: number }[]>;
  remove(locations: readonly string[]): Promise<void>;
}
