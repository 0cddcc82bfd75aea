import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Source } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import { withFile } from './file-errors.ts';
import type { Piece, Store, StoredRange } from './store.ts';

/** Bytes per read. */
const blockBytes = 1024 * 1024;
let written = 0;

/**
 * A store in the file system. A file is written under a temporary name, in `temporaries` or in its own folder, and
 * moved to its place when it is completely on the disk. So both folders must be on the same file system.
 */
export function createFiles(temporaries?: string): Store {
  const write = (location: string, content: Content) =>
    replace(location, toTemporary(location, temporaries ?? dirname(location)), content);
  return {
    stat: statFile,
    read: readVersion,
    get: getFile,
    put: (location, content) => write(location, content instanceof Uint8Array ? [content] : content),
    join: (pieces, location) => write(location, readPieces(pieces)),
    list: listFolder,
    async remove(locations) {
      for (const location of locations) await withFile('write', location, () => rm(location, { force: true }));
    },
  };
}

function toTemporary(location: string, folder: string): string {
  written += 1;
  return join(folder, `${basename(location)}.${process.pid}-${written}.tmp`);
}

/** The end of temporary names. */
export const temporaryName = /\.\d+-\d+\.tmp$/;

async function statFile(location: string): Promise<Source> {
  const stats = await withFile('read', location, () => stat(location, { bigint: true }));
  if (stats.isFile()) return toSource(location, stats);
  const kind = stats.isDirectory() ? 'a folder' : 'not a regular file, so it could be read only once';
  throw new JobError('InputNotFound', `${location} cannot be read: it is ${kind}`);
}

async function getFile(location: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(location);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return withFile('read', location, () => Promise.reject(error));
  }
}

async function listFolder(location: string): Promise<{ location: string; size: number }[]> {
  const names = await withFile('read', location, () => readdir(location));
  const listed = await Promise.all(names.sort().map((name) => toListed(`${location}/${name}`)));
  return listed.filter((one) => one !== undefined);
}

/** Undefined if the file no longer exists, which can happen to a temporary file. */
async function toListed(location: string): Promise<{ location: string; size: number } | undefined> {
  const stats = await withFile('read', location, () => stat(location)).catch((error: Error) => {
    if (error.name === 'InputNotFound') return undefined;
    throw error;
  });
  return stats && { location, size: stats.size };
}

/**
 * The version is the size, the time of the last change in nanoseconds, and the inode number, which changes if another
 * file is moved to this path.
 */
function toSource(location: string, { size, mtimeNs, ino }: BigIntStats): Source {
  return { location, size: Number(size), version: `${size}-${mtimeNs}-${ino}` };
}

async function* readVersion(source: Source, start: number, end: number): AsyncIterable<Uint8Array> {
  const { location } = source;
  const handle = await withFile('read', location, () => open(location, 'r'));
  try {
    checkVersion(source, await withFile('read', location, () => handle.stat({ bigint: true })));
    yield* readRange(handle, { location, start, end }, () => toChanged(location));
    checkVersion(source, await withFile('read', location, () => stat(location, { bigint: true })));
  } finally {
    await handle.close();
  }
}

function checkVersion({ location, version }: Source, stats: BigIntStats): void {
  if (toSource(location, stats).version !== version) throw toChanged(location);
}

function toChanged(location: string): JobError {
  return new JobError('InputChanged', `${location} has changed since the job began`);
}

/** Reads a range of a file. Throws `toError()` if the file ends early. */
async function* readRange(
  handle: FileHandle,
  { location, start, end }: StoredRange,
  toError: () => Error,
): AsyncIterable<Uint8Array> {
  for (let at = start; at < end; ) {
    // A new block each time, because the consumer may keep it.
    const block = Buffer.allocUnsafe(Math.min(blockBytes, end - at));
    const { bytesRead } = await withFile('read', location, () => handle.read(block, 0, block.length, at));
    if (bytesRead === 0) throw toError();
    yield block.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* readPieces(pieces: readonly Piece[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else yield* readPiece(piece);
  }
}

async function* readPiece(range: StoredRange): AsyncIterable<Uint8Array> {
  const { location } = range;
  const handle = await withFile('read', location, () => open(location, 'r'));
  try {
    yield* readRange(handle, range, () => new Error(`${location} is shorter than it was written`));
  } finally {
    await handle.close();
  }
}

type Content = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function replace(location: string, temporary: string, content: Content): Promise<void> {
  try {
    await writeThrough(temporary, location, content);
    await withFile('write', location, () => rename(temporary, location));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Writes a file and waits until it is on the disk. Errors name `location`, its final place. */
async function writeThrough(file: string, location: string, content: Content): Promise<void> {
  const handle = await withFile('write', location, () => open(file, 'wx'));
  try {
    for await (const bytes of content) await withFile('write', location, () => handle.appendFile(bytes));
    await withFile('write', location, () => handle.sync());
  } finally {
    await handle.close();
  }
}
