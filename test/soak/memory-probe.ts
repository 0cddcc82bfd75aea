/**
 * Imported into the server under test. Answers each message with the memory in use: the median after 20 garbage
 * collections within two seconds, because requests that are running take more memory at one moment than at another.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const collections = 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('message', async () => {
  const samples: NodeJS.MemoryUsage[] = [];
  for (let index = 0; index < collections; index += 1) {
    collectGarbage();
    samples.push(process.memoryUsage());
    await wait(100);
  }
  const medianOf = (read: (sample: NodeJS.MemoryUsage) => number) =>
    (samples.map(read).toSorted((a, b) => a - b)[collections / 2] ?? Number.NaN) / 1e6;
  process.send?.({
    used: medianOf(({ heapUsed, external }) => heapUsed + external),
    resident: medianOf(({ rss }) => rss),
  });
});
// The channel must not keep the process alive.
process.channel?.unref();
