import { isRecord } from '../../core/model/value.ts';

/** The members of an event. They may have any type. */
export type Fields = Readonly<Record<string, unknown>>;

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns headers by lower-case name, because some services pass on the names as the client wrote them. */
export function toHeaders(headers: unknown): Readonly<Record<string, string>> {
  const lowered: Record<string, string> = {};
  if (!isRecord(headers)) return lowered;
  // `for in` is safe, because parsed JSON inherits no properties. Object.entries would take longer than the rest of
  // reading an event.
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') lowered[name.toLowerCase()] = value;
  }
  return lowered;
}

/**
 * Returns all headers, from `multiValueHeaders` if the event has them. `headers` holds only the last of several values.
 */
export function toAllHeaders({ headers, multiValueHeaders }: Fields): Readonly<Record<string, string>> {
  if (!isRecord(multiValueHeaders)) return toHeaders(headers);
  return toHeaders(Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, join(values)])));
}

/** Joins several values of a header into one line (RFC 9110, 5.3). */
function join(values: unknown): string {
  return Array.isArray(values) ? values.map(text).join(', ') : '';
}

/** Returns the names and values of a query, including repeated names if the event has them. */
export function toParameters({ queryStringParameters, multiValueQueryStringParameters }: Fields): [string, string][] {
  const all = isRecord(multiValueQueryStringParameters) ? multiValueQueryStringParameters : queryStringParameters;
  if (!isRecord(all)) return [];
  return Object.entries(all).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value): [string, string] => [name, text(value)]),
  );
}
