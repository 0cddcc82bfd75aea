import type { RequestError } from '../../core/errors.ts';
import type { ExplainOptions } from '../../core/explain/explanations.ts';
import type { Limits } from '../../core/limits.ts';
import type { Instances } from '../../core/model/columns.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import type { Content } from '../http/content.ts';

/** A request as a protocol sees it. */
export interface ProtocolRequest {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What stands in the path for the names of the route. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What follows the question mark in the address, as it was sent; left out where nothing does. */
  readonly query?: string | undefined;
  /** Unpacked; text or bytes as it came. */
  readonly body: string | Uint8Array;
}

/** What a request asks for: its rows, and whatever its answer must know of it. */
export interface Decoded<Options> {
  /** At least one. */
  readonly instances: Instances;
  readonly options: Options;
  /** Where it asks why, and of what. */
  readonly explain?: ExplainOptions | undefined;
}

/** A wire format: a pair of pure functions between what a client sends and gets, and the rows and predictions of the core. */
export interface Protocol<Options = unknown> {
  /** As it stands in logs. */
  readonly name: string;
  /** What it reads and answers. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Throws RequestError. */
  decode(request: ProtocolRequest, manifest: Manifest, limits: Limits): Decoded<Options>;
  /** Whether an answer of these options shows no probabilities, which are then not kept. Left out, it shows them. */
  showsLabelsAlone?(options: Options | undefined): boolean;
  /** `options` are undefined where another protocol of the route decoded the request; `accept` is its Accept header. */
  encode(predictions: Predictions, manifest: Manifest, options: Options | undefined, accept?: string): Content;
}

/** How a family of routes answers an error. */
export type EncodeError = (error: RequestError, requestId: string) => Content;
