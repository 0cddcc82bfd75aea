import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ScoredRun } from '../formats/format.ts';
import type { Store } from '../stores/store.ts';

/** The most errors listed per row, as many as in an answer of the API. */
const maxErrors = 100;

/**
 * Writes a line for each failed row: `{"row":17,"errors":[{"pointer":"/size","detail":"…"}]}`, rows counted from 1. The
 * first failed row creates the file. Lines are written as rows fail, because in a bad input all rows fail and would not
 * fit into memory.
 */
export function createPartErrors(location: string, start: number, store: Store) {
  let [rows, bytes] = [start, 0];
  let file: ErrorsFile | undefined;

  return {
    async add({ rows: count, problems }: ScoredRun): Promise<void> {
      const before = rows;
      rows += count;
      if (problems.size === 0) return;
      file ??= openFile(location, store);
      const failed = Array.from(problems).sort(([a], [b]) => a - b);
      const lines = failed.map(
        ([row, errors]) => `${JSON.stringify({ row: before + row + 1, errors: errors.slice(0, maxErrors) })}\n`,
      );
      const text = Buffer.from(lines.join(''));
      bytes += text.length;
      await file.write(text);
    },
    /** Bytes written so far. */
    bytes: () => bytes,
    /** Call this even if writing the part failed: otherwise the store waits for the rest of the file for ever. */
    async end(): Promise<void> {
      await file?.end();
    },
  };
}

interface ErrorsFile {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

function openFile(location: string, store: Store): ErrorsFile {
  const stream = new PassThrough();
  const done = store.put(location, stream);
  // Awaited by `write` or `end`. Without this, a rejection before then would count as unhandled.
  done.catch(() => undefined);
  return {
    async write(bytes) {
      if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), done]);
    },
    async end() {
      stream.end();
      await done;
    },
  };
}
