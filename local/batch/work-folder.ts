import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';
import { temporaryName } from '../../functions/batch/stores/files.ts';
import { takeLock } from './lock.ts';

/**
 * The folder of a job's parts until the job is finished. It is beside the output, and belongs to one process at a time.
 */
export interface WorkFolder {
  readonly path: string;
  /** Removes the files of earlier runs. */
  clear(): void;
  /** Removes the folder and its contents. */
  remove(): void;
  /** Releases the folder for another process. */
  release(): void;
}

/** The names of the files that a run writes. No other files are removed. */
const ours = /^(job\.json|slices\.json|part-\d+|errors-\d+\.jsonl|report-\d+\.json|lock(\.\d+)?)$/;

/**
 * Creates the folder, or takes over the one of an earlier run. Throws InvalidJob if it cannot be created, holds other
 * files, or belongs to a running process.
 */
export function openWorkFolder(output: string): Promise<WorkFolder> {
  const path = `${output}.partial`;
  return withFile('write', path, async () => {
    makeFolder(path);
    const foreign = readdirSync(path).find((name) => !isOurs(name));
    if (foreign !== undefined) throw notOurs(path, foreign);
    const release = takeLock(join(path, 'lock'));
    return {
      path,
      release,
      clear: () => clear(path),
      remove() {
        clear(path);
        release();
        removeEmpty(path);
      },
    };
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    throw new JobError('InvalidJob', `${path} must be a folder for the job's parts, but is not a folder: move it`);
  }
}

/** Removes the folder. It stays if a killed process has just written a file into it, which the next run removes. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function notOurs(path: string, name: string): JobError {
  const problem = `holds ${JSON.stringify(name)}, which is not a file of a run`;
  return new JobError('InvalidJob', `${path} must be a folder for the job's parts, but ${problem}: move it`);
}

function isOurs(name: string): boolean {
  return ours.test(name) || temporaryName.test(name);
}

function clear(path: string): void {
  for (const name of readdirSync(path)) if (isOurs(name) && name !== 'lock') rmSync(join(path, name), { force: true });
}
