import type { Input } from '../../functions/batch/formats/format.ts';
import type { Store } from '../../functions/batch/stores/store.ts';

/** An input in memory. It is read in blocks of `blockBytes` bytes. */
export function memoryInput(content: string | Uint8Array, blockBytes = 7): Input {
  const bytes = Buffer.from(content);
  async function* read(_: unknown, start: number, end: number): AsyncIterable<Uint8Array> {
    const last = Math.min(end, bytes.length);
    for (let at = start; at < last; at += blockBytes) yield bytes.subarray(at, Math.min(at + blockBytes, last));
  }
  const store = { read } as Pick<Store, 'read'> as Store;
  return { store, source: { location: 'table.csv', size: bytes.length, version: '1' } };
}
