import type { Socket } from 'node:net';

/** A request as it came over a connection. */
export interface Arrival {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names and values in turn. Names are as the client wrote them. */
  readonly rawHeaders: readonly string[];
  readonly socket: Pick<Socket, 'remoteAddress' | 'localPort'>;
}

export type Pair = readonly [name: string, value: string];
export type Lists = Readonly<Record<string, readonly string[]>>;

/** Returns the headers, with those in which a proxy describes the connection of the client. */
export function readHeaders({ rawHeaders, socket: { remoteAddress = '', localPort } }: Arrival, names: Names): Pair[] {
  const headers: Pair[] = [];
  let forwarded = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const written = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const name = written.toLowerCase();
    if (name === 'x-forwarded-for') forwarded += `${value}, `;
    else if (!told.has(name)) headers.push([names === 'written' ? written : name, value]);
  }
  headers.push(['x-forwarded-for', forwarded + remoteAddress]);
  headers.push(['x-forwarded-port', String(localPort)], ['x-forwarded-proto', 'http']);
  return headers;
}

type Names = 'written' | 'lowered';
const told: ReadonlySet<string> = new Set(['x-forwarded-port', 'x-forwarded-proto']);

/** Returns the list of all values of each name. */
export function toLists(pairs: readonly Pair[]): Lists {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value]);
  return Object.fromEntries(lists);
}

export function lastValues(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

export function joinValues(pairs: readonly Pair[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  return Object.fromEntries(joined);
}

export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Returns the path and the query as they were sent. A client may also send the whole URL (RFC 9112, 3.2.2). */
export function readTarget({ url = '/' }: Arrival): Target {
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '') || '/';
  const [path, query] = splitOnce(target, '?');
  return { path, query };
}

export function splitOnce(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const textTypes = new Set(['application/json', 'application/xml', 'application/javascript']);

/**
 * Encodes a body: as text if its media type is a text, and as base64 otherwise. A body without a type, or a compressed
 * one, is base64.
 */
export function toBody({ 'content-type': named, 'content-encoding': encoding }: Record<string, string>, body: Buffer) {
  const type = named?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isText = (type.startsWith('text/') || textTypes.has(type)) && !encoding;
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: body.length > 0 && !isText };
}

/** Formats a time as in the logs of web servers: 12/Mar/2020:19:03:58 +0000. */
export function toLogTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
