import type { StoredRange } from '../stores/store.ts';
import type { StoredPart } from './format.ts';

/** The complete parts as ranges, in order, for formats whose parts can simply be concatenated. */
export function wholeParts(parts: readonly StoredPart[]): readonly StoredRange[] {
  return parts.map(({ location, report: { bytes } }) => ({ location, start: 0, end: bytes }));
}
