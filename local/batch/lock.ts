import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { JobError } from '../../functions/batch/job/job-error.ts';

/**
 * Takes a lock: a file that names its process. Returns a function that releases it. A lock of a process that has ended
 * is taken over. Throws InvalidJob if its process is running.
 */
export function takeLock(path: string): () => void {
  const own = `${path}.${process.pid}`;
  const owner = describe(process.pid);
  writeFileSync(own, owner);
  try {
    if (!tryLink(own, path)) {
      refuseIfRunning(path);
      // If two processes take over the lock at once, only one of them succeeds in moving the old file.
      renameSync(path, own);
      writeFileSync(own, owner);
      if (!tryLink(own, path)) refuseIfRunning(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** Returns false if the lock file exists. A hard link creates the file together with its contents, atomically. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function refuseIfRunning(path: string): void {
  const owner = readFileSync(path, 'utf8');
  const pid = Number.parseInt(owner, 10);
  if (!(pid > 0) || !isRunning(pid) || describe(pid) !== owner) return;
  throw new JobError('InvalidJob', `Process ${pid} is writing this output: wait until it has ended`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Identifies a process by its id and, if the system says it, its start time, because ids are reused. */
function describe(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name is in parentheses and may contain spaces.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}\n`;
  } catch {
    return `${pid}\n`;
  }
}
