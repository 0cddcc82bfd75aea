import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Standard output is the function's own, for its logs. */
export function report(result: unknown): void {
  process.stderr.write(`${JSON.stringify(result)}\n`);
}

/** Milliseconds of each call, after as many to warm up as an environment has seen after a while. */
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

/** Bytes that a call allocates on the heap: few calls after a collection, before there is another. */
export async function allocation(calls: number, call: (index: number) => Promise<unknown>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await call(0);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < calls; index += 1) await call(index);
  return (process.memoryUsage().heapUsed - before) / calls;
}
