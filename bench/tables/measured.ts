import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The time and memory that a command took. */
export interface Measured {
  /** The time from its start to its end. */
  readonly seconds: number;
  /** The peak memory (VmHWM) of all its processes, added up, in MB (10^6 bytes). */
  readonly megabytes: number;
}

/** The processor that all measured commands run on, one after the other: the last one that this process may use. */
const [processor = '0'] = /\d+$/m.exec(/Cpus_allowed_list:.*/.exec(read('self', 'status'))?.[0] ?? '') ?? [];
const milliseconds = 100;

/** Runs a command and its children on one processor. If it fails, throws with the end of its output. */
export function runOnOneCore(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    // Starts it in its own process group, so that its processes can be found.
    const options = { detached: true, env: { ...process.env, ...environment } };
    const child = spawn('taskset', ['-c', processor, ...command], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-2000);
    });
    const peaks = new Map<string, number>();
    const watch = setInterval(() => notePeaks(child.pid ?? 0, peaks), milliseconds);
    child.on('error', reject).on('close', (status) => {
      clearInterval(watch);
      const seconds = (performance.now() - started) / 1000;
      if (status !== 0) reject(new Error(`${command.join(' ')} ended with ${status}: ${printed}`));
      else resolve({ seconds, megabytes: [...peaks.values()].reduce((sum, peak) => sum + peak, 0) });
    });
  });
}

/**
 * Notes the peak of each process of the group so far. A peak never falls, so the last note is the final peak, except
 * for what the last 100 ms added.
 */
function notePeaks(group: number, peaks: Map<string, number>): void {
  for (const id of readdirSync('/proc')) {
    if (!/^\d+$/.test(id) || groupOf(id) !== group) continue;
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(read(id, 'status')) ?? [];
    if (kibibytes) peaks.set(id, (Number(kibibytes) * 1024) / 1e6);
  }
}

/**
 * The process group is the fifth field of /proc/ID/stat. The second field is the program's name, in parentheses, and
 * may contain spaces.
 */
function groupOf(id: string): number {
  const stat = read(id, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

/** Returns an empty text for a process that has just ended. */
function read(id: string, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
