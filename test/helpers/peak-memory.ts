import { writeSync } from 'node:fs';
import { basename } from 'node:path';

// Imported into a process before its own code. When the process exits by itself, prints the most memory that it took to
// standard error.
process.once('exit', () => {
  const [, file = ''] = process.argv;
  writeSync(2, `peak memory of ${basename(file)}: ${process.resourceUsage().maxRSS} KiB\n`);
});
