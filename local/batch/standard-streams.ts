import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';

/** Creates a folder for standard input and output. It is removed when the process exits normally. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-batch-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies standard input to a file, because slices are read from several places at once. */
export async function spool(path: string): Promise<void> {
  await withFile('write', path, () => pipeline(process.stdin, createWriteStream(path, { flags: 'wx' })));
}

/** Writes a file to standard output. Throws Unavailable if the reader has closed it, or its disk is full. */
export async function print(path: string): Promise<void> {
  // The callback gets the error too. Without a listener, the error event would end the process.
  process.stdout.on('error', () => undefined);
  try {
    for await (const block of createReadStream(path)) await write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
      await withFile('write', 'Standard output', () => Promise.reject(error));
    }
    throw new JobError('Unavailable', 'Standard output was closed before the whole table was written to it');
  }
}

function write(block: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(block, (error) => (error ? reject(error) : resolve()));
  });
}
