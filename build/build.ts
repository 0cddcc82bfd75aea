import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions, onnxRuntime } from './bundle.ts';
import { buildPlayground } from './playground.ts';
import { refuseWarnings } from './warnings.ts';

/**
 * Builds what the image adds to its base, for the Linux machine that this runs on: each function in one file, and ONNX
 * Runtime's binding and library beside them, without the other platforms' and the CUDA providers.
 */
await rm('dist', { recursive: true, force: true });
const result = await build({
  ...bundleOptions,
  entryPoints: { app: 'functions/predict/app.ts', batch: 'functions/batch/app.ts' },
  outdir: 'dist/function',
  metafile: true,
});
refuseWarnings(result);
await buildPlayground('dist/function/playground');
await mkdir('dist/onnxruntime');
await rename('dist/function/onnxruntime_binding.node', 'dist/onnxruntime/onnxruntime_binding.node');
await copyFile(onnxRuntime, 'dist/onnxruntime/libonnxruntime.so.1');
// What the bundles were made of, for sbom.ts.
await writeFile('dist/bundle.json', JSON.stringify(result.metafile));
