/** Most columns of texts hold few of them, over and over. */
const slots = 256;
/** Longer fields are not kept. */
const maxKey = 24;
/** A length that no key has. */
const vacant = 255;

/**
 * What the fields of a column were stored as, by their bytes: only what was right is kept. Each field has one place, which the
 * newest takes.
 */
export interface StoredValues {
  /** Undefined for what is not kept. */
  find(bytes: Uint8Array, start: number, end: number): string | number | bigint | undefined;
  /** Keeps a value under the bytes that were looked for last. */
  keep(bytes: Uint8Array, start: number, end: number, value: string | number | bigint): void;
}

export function createStoredValues(): StoredValues {
  const keys = new Uint8Array(slots * maxKey);
  const lengths = new Uint8Array(slots).fill(vacant);
  const values: (string | number | bigint)[] = new Array(slots).fill('');
  return {
    find(bytes, start, end) {
      const length = end - start;
      if (length > maxKey) return undefined;
      const slot = toSlot(bytes, start, end);
      if (lengths[slot] !== length) return undefined;
      const key = slot * maxKey - start;
      for (let at = start; at < end; at += 1) if (keys[key + at] !== bytes[at]) return undefined;
      return values[slot];
    },
    keep(bytes, start, end, value) {
      if (end - start > maxKey) return;
      const slot = toSlot(bytes, start, end);
      lengths[slot] = end - start;
      values[slot] = value;
      const key = slot * maxKey - start;
      for (let at = start; at < end; at += 1) keys[key + at] = bytes[at] as number;
    },
  };
}

function toSlot(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash, 31) + (bytes[at] as number);
  return (hash ^ (hash >>> 8)) & (slots - 1);
}
