import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createRandom, type Random } from '../soak/random.ts';
import { irisLines, withFolder } from './batch.ts';
import { ended, type Output, startNode } from './process.ts';

const rows = 6000;

/** Runs a job. After `ms` milliseconds, kills the job, one of its child processes, or nothing. */
async function runFor(values: readonly string[], ms: number, whom: 'parent' | 'child' | 'nobody'): Promise<Output> {
  const child = startNode(['local/batch.ts', ...values], { INIT_CWD: '.' });
  const timer = setTimeout(() => {
    if (whom === 'parent') child.kill('SIGKILL');
    if (whom === 'child') killChildOf(child.pid ?? 0);
  }, ms);
  const output = await ended(child);
  clearTimeout(timer);
  return output;
}

/** Kills the first child of a process. Linux lists the children in /proc. */
function killChildOf(pid: number): void {
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (first) process.kill(Number(first), 'SIGKILL');
  } catch {
    // The process has already ended by itself.
  }
}

/** The input, the time and the output of an undisturbed run, with which the killed and resumed runs are compared. */
export interface Undisturbed {
  readonly input: string;
  readonly bytes: Buffer;
  readonly errors: Buffer;
  readonly ms: number;
}

export async function runUndisturbed(folder: string): Promise<Undisturbed> {
  const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'undisturbed.jsonl')];
  writeFileSync(input, irisLines(rows, { badEach: 97 }));
  const begin = performance.now();
  const { code, stderr } = await runFor(toValues(input, output, 1), 0, 'nobody');
  expect(code, stderr).to.equal(0);
  const ms = performance.now() - begin;
  return { input, ms, bytes: readFileSync(output), errors: readFileSync(`${output}.errors.jsonl`) };
}

function toValues(input: string, output: string, jobs: number): string[] {
  return ['--keep', 'id', '--jobs', String(jobs), '--slice-bytes', '20000', input, output];
}

/**
 * Kills a job or one of its child processes at random moments, which follow from the seed, and resumes the job until a
 * run completes. Expects the same output as that of the undisturbed run. Returns the number of runs.
 */
export function killAndResume(seed: number, undisturbed: Undisturbed): Promise<number> {
  const random = createRandom(seed);
  return withFolder(async (folder) => {
    const output = join(folder, 'out.jsonl');
    const values = toValues(undisturbed.input, output, 1 + (seed % 2));
    let run = 1;
    while (!(await runAndKill(run > 1 ? ['--resume', ...values] : values, run, random, undisturbed.ms))) run += 1;
    expectSame(output, undisturbed, seed);
    return run;
  });
}

/** Runs the job, and kills it or its child process if it has not ended by then. Returns whether the job completed. */
async function runAndKill(values: readonly string[], run: number, random: Random, ms: number): Promise<boolean> {
  const whom = random(4) === 0 ? 'child' : 'parent';
  // A run that is killed early tests little, so the moment is in the last 70% of an undisturbed run's time. The fourth
  // run is not killed, so that the test ends.
  const moment = ms * (0.3 + 0.7 * random());
  const { code, stderr } = await runFor(values, moment, run > 3 ? 'nobody' : whom);
  // The exit code is null if the job was killed, and 130 if it reported that one of its processes was killed.
  expect(run > 3 ? [0] : [0, null, 130], stderr).to.include(code);
  return code === 0;
}

function expectSame(output: string, { bytes, errors }: Undisturbed, seed: number): void {
  expect(readFileSync(output).equals(bytes), `seed ${seed}: the bytes`).to.equal(true);
  expect(readFileSync(`${output}.errors.jsonl`).equals(errors), `seed ${seed}: the errors`).to.equal(true);
  expect(existsSync(`${output}.partial`), `seed ${seed}: the parts`).to.equal(false);
}
