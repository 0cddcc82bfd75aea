import { writeFileSync } from 'node:fs';

/**
 * Runs while the image is built, inside it, with the settings of a SnapStart start: then the start predicts an example
 * (rehearsal.ts). Stores the code that V8 has compiled until then.
 */
process.chdir('/var/task');
const { script } = await import('/var/task/app.mjs');
writeFileSync('predict.code', script.createCachedData());
