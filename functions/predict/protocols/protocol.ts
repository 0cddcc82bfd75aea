import type { RequestError } from '../../core/errors.ts';
import type { ExplainOptions } from '../../core/explain/explanations.ts';
import type { Limits } from '../../core/limits.ts';
import type { Instances } from '../../core/model/columns.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import type { Content } from '../http/content.ts';

/** The parts of a request that a protocol reads. */
export interface ProtocolRequest {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of the route's path parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query string without its question mark, as it was sent; left out if there is none. */
  readonly query?: string | undefined;
  /** Decompressed; text or bytes, as it came. */
  readonly body: string | Uint8Array;
}

/** The rows of a request, and options that its answer needs. */
export interface Decoded<Options> {
  /** At least one row. */
  readonly instances: Instances;
  readonly options: Options;
  /** What to explain; left out if the request asks for no explanations. */
  readonly explain?: ExplainOptions | undefined;
}

/** A wire format: two pure functions that convert a request's body to rows, and predictions to an answer's body. */
export interface Protocol<Options = unknown> {
  /** The name in logs. */
  readonly name: string;
  /** The media types that it reads and writes. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Reads a request. Throws RequestError. */
  decode(request: ProtocolRequest, manifest: Manifest, limits: Limits): Decoded<Options>;
  /**
   * Whether the answer shows only labels, so that probabilities need not be kept. Left out by protocols that always
   * show everything.
   */
  showsLabelsAlone?(options: Options | undefined): boolean;
  /**
   * Writes an answer. `options` are undefined if another protocol of the route read the request. `accept` is the Accept
   * header.
   */
  encode(predictions: Predictions, manifest: Manifest, options: Options | undefined, accept?: string): Content;
}

/** Writes an error for a family of routes. */
export type EncodeError = (error: RequestError, requestId: string) => Content;
