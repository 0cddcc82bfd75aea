import { resolve } from 'node:path';
import { run } from '../commands.ts';
import { sizeOptions } from './container.ts';
import { imageOf, type System } from './images.ts';

/**
 * Runs a script in a system's image, on one processor, and returns its report. The script's logs go through a pipe, as
 * in Lambda.
 */
export async function runInside<T>(system: System, script: string, ...parameters: readonly string[]): Promise<T> {
  const interpreter = script.endsWith('.mjs') ? 'node' : 'python';
  const command = `${interpreter} /bench/${script} "$@" | cat >/dev/null`;
  const options = [
    ...['run', '--rm', '--network', 'none', ...sizeOptions(1769)],
    ...['--env', 'OMP_NUM_THREADS=1', '--env', 'OPENBLAS_NUM_THREADS=1'],
    ...['bench:inside', 'models:models', 'events:events'].flatMap(mount),
  ];
  const { stderr } = await run('docker', [
    ...options,
    // Without pipefail, a script that crashes would look like one with a strange report.
    ...['--entrypoint', 'bash', imageOf(system), '-o', 'pipefail', '-c', command, 'bash', ...parameters],
  ]);
  return JSON.parse(stderr.split('\n').at(-1) ?? '') as T;
}

/** Docker's options for a read-only mount. `pair` is `place:folder`, where the folder is one in dist/bench/. */
function mount(pair: string): string[] {
  const [place, folder = ''] = pair.split(':');
  return ['--volume', `${resolve('dist/bench', folder)}:/${place}:ro`];
}
