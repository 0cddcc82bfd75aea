import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JobError } from '../../functions/batch/job-error.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';
import { temporaryName } from '../../functions/batch/stores/files.ts';
import { takeLock } from './lock.ts';

/** Where the parts of a job are until it is finished, beside its output. One process has it at a time. */
export interface WorkFolder {
  readonly path: string;
  /** Removes what earlier runs have left there. */
  clear(): void;
  /** Removes it with all that is in it. */
  remove(): void;
  /** Leaves it for another process. */
  release(): void;
}

/** Names of files that a run writes: nothing else is ever removed. */
const ours = /^(job\.json|slices\.json|part-\d+|errors-\d+\.jsonl|report-\d+\.json|lock(\.\d+)?)$/;

/** Throws InvalidJob where it cannot be, holds what no run has written, or another process has it. */
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
    throw new JobError('InvalidJob', `${path} is where the parts go, and is no folder: move it`);
  }
}

/** A process that was just ended may have written one file more, which the next run clears. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function notOurs(path: string, name: string): JobError {
  const problem = `holds ${JSON.stringify(name)}, which no run has written`;
  return new JobError('InvalidJob', `${path} is where the parts go, and ${problem}: move it`);
}

function isOurs(name: string): boolean {
  return ours.test(name) || temporaryName.test(name);
}

function clear(path: string): void {
  for (const name of readdirSync(path)) if (isOurs(name) && name !== 'lock') rmSync(join(path, name), { force: true });
}
