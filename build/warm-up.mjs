import { writeFileSync } from 'node:fs';

/**
 * Run where the image is built, with the function where the image has it, and as for a snapshot: then the start answers an example
 * (rehearsal.ts). Keeps what V8 has compiled until then.
 */
process.chdir('/var/task');
const { script } = await import('/var/task/app.mjs');
writeFileSync('predict.code', script.createCachedData());
