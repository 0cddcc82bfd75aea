import { symlinkSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { basename } from 'node:path';

/**
 * Run where the image is built, with the function where the image has it: asks for one prediction, so that V8 leaves the code of
 * it in NODE_COMPILE_CACHE (nodejs.org/api/module.html#module-compile-cache).
 */
process.chdir('/var/task');
const { handler, model } = await import('/var/task/app.mjs');
const [{ instances }] = model.manifest.examples;
await handler({ body: JSON.stringify(instances) }, { awsRequestId: 'warm-up' });
flushCompileCache();

// Node.js has a folder for each user, whose number its name ends with; Lambda's is 993.
const folder = getCompileCacheDir();
const lambdas = folder.replace(/-\d+$/, '-993');
if (folder !== lambdas) symlinkSync(basename(folder), lambdas);
