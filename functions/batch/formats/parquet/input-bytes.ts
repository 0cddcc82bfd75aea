import type { Input } from '../format.ts';

/** All bytes from `start` to `end` of an input, the end not included. Throws what the store throws. */
export async function readBytes({ store, source }: Input, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let at = 0;
  for await (const chunk of store.read(source, start, end)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.subarray(0, at);
}

/** Bytes of an input that are read from the beginning to the end, and let go of as soon as they are passed. */
export interface ByteRun {
  /** Bytes from here on: at least `count`, unless the end comes first. They stay valid, whatever is read later. */
  peek(count: number): Promise<Uint8Array>;
  skip(count: number): void;
}

/** Reads `window` bytes at a time, or more where more is asked for at once. */
export function createByteRun(input: Input, start: number, end: number, window: number): ByteRun {
  let held: Uint8Array = new Uint8Array();
  let next = start;
  return {
    async peek(count) {
      if (held.length < count && next < end) {
        const upTo = Math.min(end, next + Math.max(window, count - held.length));
        const more = await readBytes(input, next, upTo);
        held = held.length === 0 ? more : Buffer.concat([held, more]);
        next = upTo;
      }
      return held;
    },
    skip(count) {
      held = held.subarray(count);
    },
  };
}
