/** What is answered, before it is packed for the way. */
export interface Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Whether it stays the same while the function runs, so that a client may ask whether its copy is still current. */
  readonly isStatic?: boolean;
  /** Whether the body is a text that was packed with gzip ahead. */
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
