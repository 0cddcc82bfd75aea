import { isRecord } from '../../core/model/value.ts';

/** The members of an event, which may be of any type. */
export type Fields = Readonly<Record<string, unknown>>;

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** By names in lower case: some services pass them on as the client wrote them. */
export function toHeaders(headers: unknown): Readonly<Record<string, string>> {
  const lowered: Record<string, string> = {};
  if (!isRecord(headers)) return lowered;
  // What JSON holds inherits nothing; a list of entries would take longer than all else that is done with an event.
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') lowered[name.toLowerCase()] = value;
  }
  return lowered;
}

/** Those of `multiValueHeaders` where the event has them: `headers` hold the last of several values. */
export function toAllHeaders({ headers, multiValueHeaders }: Fields): Readonly<Record<string, string>> {
  if (!isRecord(multiValueHeaders)) return toHeaders(headers);
  return toHeaders(Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, join(values)])));
}

/** As one line of a header may hold them all (RFC 9110, 5.3). */
function join(values: unknown): string {
  return Array.isArray(values) ? values.map(text).join(', ') : '';
}

/** The names and values of a query: all of several values of a name where the event has them. */
export function toParameters({ queryStringParameters, multiValueQueryStringParameters }: Fields): [string, string][] {
  const all = isRecord(multiValueQueryStringParameters) ? multiValueQueryStringParameters : queryStringParameters;
  if (!isRecord(all)) return [];
  return Object.entries(all).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value): [string, string] => [name, text(value)]),
  );
}
