import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, gzipSync } from 'node:zlib';
import { JobError } from '../job/job-error.ts';
import type { Piece } from '../stores/store.ts';
import type { Input } from './format.ts';

/** Wraps a gzip input so that its format reads the decompressed bytes. */
export function unpacked({ store, source }: Input): Input {
  return {
    source: { ...source, size: Number.MAX_SAFE_INTEGER },
    store: { ...store, read: (_, start, end) => readUnpacked({ store, source }, start, end) },
  };
}

/**
 * Positions count decompressed bytes. gzip has no random access, so all bytes before `start` are decompressed and
 * skipped.
 */
async function* readUnpacked({ store, source }: Input, start: number, end: number): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: blockBytes });
  const packed = Readable.from(store.read(source, 0, source.size), { objectMode: false });
  const whole = pipeline(packed, gunzip);
  // `whole` is awaited below. Without this handler, a rejection before then would count as unhandled.
  whole.catch(() => undefined);
  let at = 0;
  try {
    for await (const block of gunzip as AsyncIterable<Buffer>) {
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, block.length);
      if (to > from) yield block.subarray(from, to);
      at += block.length;
      if (at >= end) return;
    }
    await whole;
  } catch (error) {
    throw toJobError(error as NodeJS.ErrnoException, source.location);
  }
}

const blockBytes = 256 * 1024;

/** Node reports one of these if zeros follow the end of a gzip file: gunzip then ends before it has read all bytes. */
const tooEarly: ReadonlySet<string> = new Set(['ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE']);

const problems: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'its end is missing',
  ABORT_ERR: 'zeros follow its end',
  ERR_STREAM_PREMATURE_CLOSE: 'zeros follow its end',
};

function toJobError(error: NodeJS.ErrnoException, location: string): Error {
  const { code = '' } = error;
  if (!code.startsWith('Z_') && !tooEarly.has(code)) return error;
  const problem = problems[code] ?? 'it is damaged';
  return new JobError('InvalidInput', `${location} cannot be decompressed with gzip: ${problem}`, { cause: error });
}

/** Compresses content to one gzip member. Concatenated members are a valid gzip file, so parts can be joined. */
export async function* packed(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level });
  const whole = pipeline(Readable.from(content, { objectMode: false }), gzip);
  whole.catch(() => undefined);
  yield* gzip as AsyncIterable<Buffer>;
  await whole;
}

/** Compresses the pieces that are bytes. Parts are compressed already. */
export function withPackedBytes(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece) => (piece instanceof Uint8Array ? gzipSync(piece, { level }) : piece));
}

/** Predictions are mostly digits. A higher level makes them a few per cent smaller, and takes twice the time. */
const level = constants.Z_BEST_SPEED;
