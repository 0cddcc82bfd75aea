import { copyFile, cp, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions, onnxRuntime } from '../../build/bundle.ts';

/** The folder of the scripts that run inside the measured images. */
export const insideFolder = 'dist/bench/inside';

/** Bundles the Node.js scripts like the function, and copies the Python scripts. */
export async function bundleInside(): Promise<void> {
  await rm(insideFolder, { recursive: true, force: true });
  const names = ['warm', 'session', 'batch', 'start', 'start-steps', 'first-request', 'explain'];
  const entryPoints = names.map((name) => `bench/inside/${name}.ts`);
  await build({ ...bundleOptions, entryPoints, outdir: insideFolder });
  await copyFile(onnxRuntime, `${insideFolder}/libonnxruntime.so.1`);
  for (const name of ['warm.py', 'batch.py', 'explain.py']) await cp(`bench/inside/${name}`, `${insideFolder}/${name}`);
}

/** The folder of the bundled local server. */
export const serverFolder = 'dist/bench/server';

/**
 * Bundles the local server into one file, like the function in its image. `npm start` would compile TypeScript while it
 * runs, and this time would be measured too.
 */
export async function bundleServer(): Promise<void> {
  await rm(serverFolder, { recursive: true, force: true });
  // Only the local server loads these packages, and not the function. esbuild cannot be bundled.
  const external = ['esbuild', 'yaml'];
  await build({ ...bundleOptions, entryPoints: ['local/server.ts'], outdir: serverFolder, external });
  await copyFile(onnxRuntime, `${serverFolder}/libonnxruntime.so.1`);
}
