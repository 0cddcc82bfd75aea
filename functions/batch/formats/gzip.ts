import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, gzipSync } from 'node:zlib';
import { JobError } from '../job-error.ts';
import type { Piece } from '../stores/store.ts';
import type { Input } from './format.ts';

/** An input that is packed, as its format reads it. */
export function unpacked({ store, source }: Input): Input {
  return {
    source: { ...source, size: Number.MAX_SAFE_INTEGER },
    store: { ...store, read: (_, start, end) => readUnpacked({ store, source }, start, end) },
  };
}

/** Positions are of what is unpacked. There is no way to one but through all before it. */
async function* readUnpacked({ store, source }: Input, start: number, end: number): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: blockBytes });
  const packed = Readable.from(store.read(source, 0, source.size), { objectMode: false });
  const whole = pipeline(packed, gunzip);
  // It is awaited below; until then it must not be an unhandled rejection.
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

/** How Node says that zeros follow the end, which end its stream before all was read. */
const tooEarly: ReadonlySet<string> = new Set(['ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE']);

const problems: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'it is broken off: its end is missing',
  ABORT_ERR: 'zeros stand behind its end',
  ERR_STREAM_PREMATURE_CLOSE: 'zeros stand behind its end',
};

function toJobError(error: NodeJS.ErrnoException, location: string): Error {
  const { code = '' } = error;
  if (!code.startsWith('Z_') && !tooEarly.has(code)) return error;
  const problem = problems[code] ?? 'it is damaged';
  return new JobError('InvalidInput', `${location} cannot be unpacked by gzip: ${problem}`, { cause: error });
}

/** One gzip member. Members after each other are one file of gzip. */
export async function* packed(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level });
  const whole = pipeline(Readable.from(content, { objectMode: false }), gzip);
  whole.catch(() => undefined);
  yield* gzip as AsyncIterable<Buffer>;
  await whole;
}

/** Bytes that are no part yet are packed; parts are already. */
export function withPackedBytes(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece) => (piece instanceof Uint8Array ? gzipSync(piece, { level }) : piece));
}

/** Predictions are digits, of which a higher level makes a few per cent less in twice the time. */
const level = constants.Z_BEST_SPEED;
