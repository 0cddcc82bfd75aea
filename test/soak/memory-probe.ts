/** Loaded into the server under test: answers each message with the memory that is left after a full collection. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('message', () => {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ used: (heapUsed + external) / 1e6, resident: rss / 1e6 });
});
// The channel alone keeps no process alive.
process.channel?.unref();
