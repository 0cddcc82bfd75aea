/** A media type in lower case, with the parameters that are used here (RFC 9110, 8.3). */
export interface MediaType {
  readonly type: string;
  readonly charset: string | undefined;
  /** For text/csv: whether the first record is a header, `present` or `absent` (RFC 4180, 3). */
  readonly header: string | undefined;
}

/**
 * Parses a media type. If the header came twice, the gateway has joined both values with a comma, and the first counts.
 */
export function parseMediaType(header: string): MediaType {
  const [first = ''] = header.includes(',') ? header.split(',') : [header];
  // Most headers have no parameters.
  if (!first.includes(';')) return { type: first.trim().toLowerCase(), charset: undefined, header: undefined };
  const [type = '', ...parameters] = first.split(';').map((part) => part.trim().toLowerCase());
  return { type, charset: findParameter(parameters, 'charset='), header: findParameter(parameters, 'header=') };
}

function findParameter(parameters: readonly string[], start: string): string | undefined {
  const parameter = parameters.find((text) => text.startsWith(start));
  return parameter?.slice(start.length).replace(/^"(.*)"$/, '$1');
}

/** The element of an Accept header that names exactly this type. */
export function findAccepted(accept: string | undefined, type: string): MediaType | undefined {
  return accept
    ?.split(',')
    .map(parseMediaType)
    .find((mediaType) => mediaType.type === type);
}

/**
 * Returns the type of `offered` that an Accept header prefers; of equal ones, the first. Undefined if it accepts none
 * (RFC 9110, 12.5). Also works for Accept-Encoding.
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  const elements = (accept ?? '').split(',').filter((element) => element.trim() !== '');
  if (elements.length === 0) return offered[0];
  const ranges = elements.map(parseRange);
  const weights = offered.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const best = Math.max(...weights.map(({ weight }) => weight));
  return best > 0 ? weights.find(({ weight }) => weight === best)?.type : undefined;
}

interface Range {
  readonly range: string;
  readonly weight: number;
}

function parseRange(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { range, weight: Number.isNaN(weight) ? 1 : weight };
}

/** The weight of a type is that of the most specific range that covers it. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const pattern of [type, `${type.split('/')[0]}/*`, '*/*', '*']) {
    const match = ranges.find(({ range }) => range === pattern);
    if (match) return match.weight;
  }
  return 0;
}
