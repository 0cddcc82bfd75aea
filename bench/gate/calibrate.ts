import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { say } from '../commands.ts';
import type { Figure } from '../figures/figure.ts';
import { toCalibration, writeCalibration } from './regressions.ts';

const runs = 10;

/**
 * Measures ten times and writes bench/gate/expected.json. In every second run, each processor also has a busy process,
 * as on a machine that others use. A figure that load changes must not decide whether a change may be merged.
 */
export async function calibrate(measure: () => Promise<readonly Figure[]>): Promise<void> {
  const measured: (readonly Figure[])[] = [];
  for (let run = 0; run < runs; run += 1) {
    const load = run % 2 === 1 ? startLoad() : [];
    say(`run ${run + 1} of ${runs}${load.length > 0 ? ', under load' : ''}`);
    measured.push(await measure().finally(() => endLoad(load)));
  }
  await writeCalibration(toCalibration(measured));
}

function startLoad(): ChildProcess[] {
  return cpus().map(() => spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }));
}

function endLoad(load: readonly ChildProcess[]): void {
  for (const child of load) child.kill();
}
