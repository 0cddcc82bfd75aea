import { writeFileSync } from 'node:fs';

/**
 * `docker build` runs this inside the image, with the settings of a SnapStart start. Such a start also predicts an
 * example (rehearsal.ts). This stores the code that V8 has compiled by then.
 */
process.chdir('/var/task');
const { script } = await import('/var/task/app.mjs');
writeFileSync('predict.code', script.createCachedData());
