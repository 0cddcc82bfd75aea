import type { Source } from '../../functions/batch/job/job.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import type { Piece, Store } from '../../functions/batch/stores/store.ts';

/** A store in memory. It reads in chunks of `chunkBytes` bytes, and counts the bytes that were read. */
export function createMemoryStore(objects: Map<string, Uint8Array>, chunkBytes = 1000) {
  const counts = { bytesRead: 0 };
  const find = (location: string): Uint8Array => {
    const found = objects.get(location);
    if (!found) throw new JobError('InputNotFound', `There is no ${location}`);
    return found;
  };
  const toBytes = (piece: Piece): Uint8Array =>
    piece instanceof Uint8Array ? piece : find(piece.location).subarray(piece.start, piece.end);
  const toSource = (location: string): Source => ({ location, size: find(location).length, version: '1' });
  const store: Store = {
    stat: async (location) => toSource(location),
    async *read({ location }, start, end) {
      for (let at = start; at < end; at += chunkBytes) {
        const chunk = find(location).subarray(at, Math.min(end, at + chunkBytes));
        counts.bytesRead += chunk.length;
        yield chunk;
      }
    },
    get: async (location) => objects.get(location),
    async put(location, content) {
      const pieces = content instanceof Uint8Array ? [content] : await collect(content);
      objects.set(location, Buffer.concat(pieces));
    },
    async join(pieces, location) {
      objects.set(location, Buffer.concat(pieces.map(toBytes)));
    },
    async list(location) {
      const names = [...objects.keys()].filter((name) => name.startsWith(location)).sort();
      return names.map((name) => ({ location: name, size: find(name).length }));
    },
    async remove(locations) {
      for (const location of locations) objects.delete(location);
    },
  };
  return { store, counts };
}

/** Like Array.fromAsync, which Node.js 20 lacks. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
