/** An HTTP request, whoever carried it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows the question mark in the address, percent-encoded; left out where nothing does. */
  readonly query?: string;
  readonly body: EncodedBody;
}

/** A body as an event carries it; `base64` is undefined where the event does not say. */
export interface EncodedBody {
  readonly content: unknown;
  readonly base64: boolean | undefined;
}
