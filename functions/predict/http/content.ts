/** An answer before it is compressed and converted for the gateway. */
export interface Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /**
   * Whether the content never changes while the function runs. Then it gets an ETag, so that clients can check their
   * copies.
   */
  readonly isStatic?: boolean;
  /** Whether the body is a text that the build has compressed with gzip. */
  readonly isPacked?: boolean;
}

export function jsonContent(document: unknown, status = 200): Content {
  return jsonTextContent(JSON.stringify(document), status);
}

export function jsonTextContent(body: string, status = 200): Content {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

export function staticContent(body: Content['body'], contentType: string): Content {
  return { status: 200, headers: { 'content-type': contentType }, body, isStatic: true };
}
