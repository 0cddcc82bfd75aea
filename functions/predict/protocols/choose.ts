import { RequestError } from '../../core/errors.ts';
import { negotiate, parseMediaType } from '../http/media-type.ts';
import type { Protocol } from './protocol.ts';

/** What clients send where nobody has said that the body is JSON: nothing, curl's default and that of `fetch`. */
const unsaid = new Set(['', 'application/x-www-form-urlencoded', 'text/plain']);

/** The protocol that reads a body of this Content-Type; the first where it says nothing. Throws UnsupportedMediaType. */
export function chooseReader(protocols: readonly Protocol[], contentType = ''): Protocol {
  const { type } = parseMediaType(contentType);
  // A gateway joins a header that came twice.
  if (contentType.includes(',') && contentType.split(',').some((other) => parseMediaType(other).type !== type)) {
    throw new RequestError('UnsupportedMediaType', 'Expected one content-type, got several that differ');
  }
  const reader = unsaid.has(type) ? protocols[0] : protocols.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (reader) return reader;
  const read = protocols.flatMap(({ mediaTypes }) => mediaTypes).join(', ');
  throw new RequestError('UnsupportedMediaType', `Expected a body of the type ${read}`, { headers: { accept: read } });
}

/** The protocol that answers what an Accept header takes. Throws NotAcceptable. */
export function chooseWriter(protocols: readonly Protocol[], accept: string | undefined): Protocol {
  const [first] = protocols;
  if (first && (accept === undefined || accept === '*/*')) return first;
  const offered = protocols.flatMap(({ mediaTypes }) => mediaTypes);
  const type = negotiate(accept, offered);
  const writer = protocols.find(({ mediaTypes }) => mediaTypes.some((mediaType) => mediaType === type));
  if (writer) return writer;
  throw new RequestError('NotAcceptable', `Expected to answer as one of ${offered.join(', ')}`);
}
