/**
 * Loaded into the server under test: answers each message with the median of what is left after several full collections
 * within two seconds, as the requests under way take more at one moment than at another.
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
// The channel alone keeps no process alive.
process.channel?.unref();
