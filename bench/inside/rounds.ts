import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Reports to standard error, because standard output is for the function's logs. */
export function report(result: unknown): void {
  process.stderr.write(`${JSON.stringify(result)}\n`);
}

/** Returns the milliseconds of each call. 3,000 warm-up calls come first, so that V8 has optimised the code. */
export async function time(requests: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  for (let index = 0; index < 3000; index += 1) await call(index);
  const times = new Float64Array(requests);
  for (let index = 0; index < requests; index += 1) {
    const start = performance.now();
    await call(index);
    times[index] = performance.now() - start;
  }
  return [...times];
}

/**
 * Returns the bytes that a call allocates on the heap. Measures `calls` calls after a garbage collection. They must be
 * few, so that no other collection starts meanwhile.
 */
export async function allocation(calls: number, call: (index: number) => Promise<unknown>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await call(0);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < calls; index += 1) await call(index);
  return (process.memoryUsage().heapUsed - before) / calls;
}
