/**
 * Loaded into the server under test: answers each message with the least memory that is left after one of several full
 * collections, as the bytes of a large body are given back only some time after it.
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
  const least = (read: (sample: NodeJS.MemoryUsage) => number) => Math.min(...samples.map(read)) / 1e6;
  process.send?.({ used: least(({ heapUsed, external }) => heapUsed + external), resident: least(({ rss }) => rss) });
});
// The channel alone keeps no process alive.
process.channel?.unref();
