import type { Input } from '../format.ts';

/** Reads the bytes from `start` to `end` - 1 of an input. Throws what the store throws. */
export async function readBytes({ store, source }: Input, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let at = 0;
  for await (const chunk of store.read(source, start, end)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.subarray(0, at);
}

/** Reads the bytes of an input forward, and drops those that were skipped. */
export interface ByteRun {
  /** Returns at least `count` bytes from the current position, or fewer at the end. Later reads do not change them. */
  peek(count: number): Promise<Uint8Array>;
  skip(count: number): void;
}

/** Creates a reader that fetches `window` bytes at a time, or more if `peek` asks for more. */
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
