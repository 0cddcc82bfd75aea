import { JobError } from '../../functions/batch/job-error.ts';
import type { Piece, Store } from '../../functions/batch/stores/store.ts';

/** Objects in memory, by their location. */
export function createMemoryStore(objects: Map<string, Uint8Array> = new Map()): Store {
  const find = (location: string): Uint8Array => {
    const bytes = objects.get(location);
    if (bytes) return bytes;
    throw new JobError('InputNotFound', `There is no ${location}`);
  };
  const toBytes = (piece: Piece) =>
    piece instanceof Uint8Array ? piece : find(piece.location).subarray(piece.start, piece.end);
  return {
    stat: async (location) => ({ location, size: find(location).length, version: '"1"' }),
    async *read({ location }, start, end) {
      yield find(location).subarray(start, end);
    },
    get: async (location) => objects.get(location),
    async put(location, content) {
      const chunks: Uint8Array[] = [];
      if (content instanceof Uint8Array) chunks.push(content);
      else for await (const chunk of content) chunks.push(chunk);
      objects.set(location, Buffer.concat(chunks));
    },
    join: async (pieces, location) => void objects.set(location, Buffer.concat(pieces.map(toBytes))),
    async list(location) {
      const names = [...objects.keys()].filter((name) => name.startsWith(`${location}/`)).sort();
      return names.map((name) => ({ location: name, size: find(name).length }));
    },
    async remove(locations) {
      for (const location of locations) objects.delete(location);
    },
  };
}
