/** Entries per column. Most text columns hold a few values that repeat. */
const slots = 256;
/** Fields of more bytes than this are not remembered. */
const maxKey = 24;
/** Marks an empty entry: no key is that long. */
const vacant = 255;

/**
 * Remembers the checked values of a column by the bytes of their fields. Only valid values are kept. Each field can go
 * to one entry only, and a newer field replaces the older one.
 */
export interface StoredValues {
  /** Returns the remembered value, or undefined. */
  find(bytes: Uint8Array, start: number, end: number): string | number | bigint | undefined;
  /** Remembers a value for these bytes. Fields longer than `maxKey` are skipped. */
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
