import type { StoredRange } from '../stores/store.ts';
import type { StoredPart } from './format.ts';

/** All bytes of all parts: what is written follows one after the other. */
export function wholeParts(parts: readonly StoredPart[]): readonly StoredRange[] {
  return parts.map(({ location, report: { bytes } }) => ({ location, start: 0, end: bytes }));
}
