import { writeSync } from 'node:fs';
import { basename } from 'node:path';

// Loaded into a process before all else: tells on standard error what memory it took at most, when it ends by itself.
process.once('exit', () => {
  const [, file = ''] = process.argv;
  writeSync(2, `peak memory of ${basename(file)}: ${process.resourceUsage().maxRSS} KiB\n`);
});
