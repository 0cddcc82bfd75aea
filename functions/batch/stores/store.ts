import type { Source } from '../job/job.ts';

/** A range of bytes in a stored object, without the end. */
export interface StoredRange {
  readonly location: string;
  readonly start: number;
  readonly end: number;
}

export type Piece = Uint8Array | StoredRange;

/**
 * Stores inputs, parts and outputs, in a file system or in S3. A location is a path, or `s3://bucket/key`. An object is
 * written completely or not at all. Throws JobError: InputNotFound, InputChanged, InvalidJob if it may not write,
 * Unavailable.
 */
export interface Store {
  stat(location: string): Promise<Source>;
  /** Reads bytes of exactly this version. Throws InputChanged if the object has changed. */
  read(source: Source, start: number, end: number): AsyncIterable<Uint8Array>;
  /** Reads all of a small object; undefined if there is none. */
  get(location: string): Promise<Uint8Array | undefined>;
  put(location: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Concatenates pieces to one object. */
  join(pieces: readonly Piece[], location: string): Promise<void>;
  /** The objects under a location with their sizes, in the order of their names. */
  list(location: string): Promise<readonly { readonly location: string; readonly size: number }[]>;
  remove(locations: readonly string[]): Promise<void>;
}
