import { writeSync } from 'node:fs';
import { basename } from 'node:path';

// This module is imported into a process before the process's own code. When the process exits by itself, its peak
// memory is printed to standard error.
process.once('exit', () => {
  const [, file = ''] = process.argv;
  writeSync(2, `peak memory of ${basename(file)}: ${process.resourceUsage().maxRSS} KiB\n`);
});
