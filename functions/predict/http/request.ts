/** An HTTP request, whichever service delivered it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The query string without its question mark, percent-encoded; left out if there is none. */
  readonly query?: string;
  readonly body: EncodedBody;
}

/** A body as it is in an event. `base64` is undefined if the event does not say. */
export interface EncodedBody {
  readonly content: unknown;
  readonly base64: boolean | undefined;
}
