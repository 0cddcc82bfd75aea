import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { JobError } from '../../functions/batch/job-error.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';

/** A folder for what comes from standard input, or goes to standard output. It is gone when the process ends by itself. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-batch-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps standard input as a file, as slices are read from all places of it at once. */
export async function spool(path: string): Promise<void> {
  await withFile('write', path, () => pipeline(process.stdin, createWriteStream(path, { flags: 'wx' })));
}

/** Writes a file to standard output. Throws Unavailable where nobody reads it any more, or its disk is full. */
export async function print(path: string): Promise<void> {
  // The callback has it, too; an event that nobody takes would end the process.
  process.stdout.on('error', () => undefined);
  try {
    for await (const block of createReadStream(path)) await write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
      await withFile('write', 'Standard output', () => Promise.reject(error));
    }
    throw new JobError('Unavailable', 'Standard output was closed before all of the table was written to it');
  }
}

function write(block: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(block, (error) => (error ? reject(error) : resolve()));
  });
}
