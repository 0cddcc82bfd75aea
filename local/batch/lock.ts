import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { JobError } from '../../functions/batch/job-error.ts';

/**
 * Takes a lock, which is a file that names its process, and returns what gives it back. A lock whose process has ended is
 * taken over. Throws InvalidJob where its process runs.
 */
export function takeLock(path: string): () => void {
  const own = `${path}.${process.pid}`;
  const owner = describe(process.pid);
  writeFileSync(own, owner);
  try {
    if (!tryLink(own, path)) {
      refuseIfRunning(path);
      // Whoever else takes it over at the same time moves it, too: only one of the two finds it.
      renameSync(path, own);
      writeFileSync(own, owner);
      if (!tryLink(own, path)) refuseIfRunning(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** False where there is such a file. To link makes it with its content, at once. */
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

/** The process, and where the system tells it, when it was started: numbers of processes are used again. */
function describe(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in parentheses, and may hold spaces.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}\n`;
  } catch {
    return `${pid}\n`;
  }
}
