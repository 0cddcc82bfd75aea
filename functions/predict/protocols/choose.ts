import { RequestError } from '../../core/errors.ts';
import { negotiate, parseMediaType } from '../http/media-type.ts';
import type { Protocol } from './protocol.ts';

/**
 * Content types that clients send by default, without saying that the body is JSON: none, curl's and that of `fetch`.
 */
const unsaid = new Set(['', 'application/x-www-form-urlencoded', 'text/plain']);

/**
 * Returns the protocol that reads this Content-Type; the first protocol for a default type. Throws
 * UnsupportedMediaType.
 */
export function chooseReader(protocols: readonly Protocol[], contentType = ''): Protocol {
  const { type } = parseMediaType(contentType);
  // If the header came twice, the gateway has joined both values with a comma.
  if (contentType.includes(',') && contentType.split(',').some((other) => parseMediaType(other).type !== type)) {
    throw new RequestError('UnsupportedMediaType', 'Expected one content-type, got several that differ');
  }
  const reader = unsaid.has(type) ? protocols[0] : protocols.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (reader) return reader;
  const read = protocols.flatMap(({ mediaTypes }) => mediaTypes).join(', ');
  throw new RequestError('UnsupportedMediaType', `Expected a body of the type ${read}`, { headers: { accept: read } });
}

/** Returns the protocol that writes a type which the Accept header accepts. Throws NotAcceptable. */
export function chooseWriter(protocols: readonly Protocol[], accept: string | undefined): Protocol {
  const [first] = protocols;
  if (first && (accept === undefined || accept === '*/*')) return first;
  const offered = protocols.flatMap(({ mediaTypes }) => mediaTypes);
  const type = negotiate(accept, offered);
  const writer = protocols.find(({ mediaTypes }) => mediaTypes.some((mediaType) => mediaType === type));
  if (writer) return writer;
  throw new RequestError('NotAcceptable', `Expected to answer as one of ${offered.join(', ')}`);
}
