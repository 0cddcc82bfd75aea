import { copyFile, cp, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions, onnxRuntime } from '../build/bundle.ts';

/** Where the scripts that run inside the systems' images lie. */
export const insideFolder = 'dist/bench/inside';

/** Bundles those of Node.js as the function is bundled, and copies those of Python. */
export async function bundleInside(): Promise<void> {
  await rm(insideFolder, { recursive: true, force: true });
  const names = ['warm', 'session', 'batch', 'start', 'start-steps', 'first-request', 'explain'];
  const entryPoints = names.map((name) => `bench/inside/${name}.ts`);
  await build({ ...bundleOptions, entryPoints, outdir: insideFolder });
  await copyFile(onnxRuntime, `${insideFolder}/libonnxruntime.so.1`);
  for (const name of ['warm.py', 'batch.py', 'explain.py']) await cp(`bench/inside/${name}`, `${insideFolder}/${name}`);
}

/** The local server in one file, as the function is in its image: `npm start` compiles TypeScript, and its functions keep traces of it. */
export const serverFolder = 'dist/bench/server';

export async function bundleServer(): Promise<void> {
  await rm(serverFolder, { recursive: true, force: true });
  // What the server loads beside the function, and what cannot be bundled.
  const external = ['esbuild', 'yaml'];
  await build({ ...bundleOptions, entryPoints: ['local/server.ts'], outdir: serverFolder, external });
  await copyFile(onnxRuntime, `${serverFolder}/libonnxruntime.so.1`);
}
