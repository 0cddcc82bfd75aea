import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions, onnxRuntime, scriptOptions } from './bundle.ts';
import { buildPages } from './pages.ts';
import { refuseWarnings } from './warnings.ts';

/**
 * Builds what the image adds to its base image besides the models, for this machine's architecture on Linux: each
 * function in one file, the files of the pages, and ONNX Runtime's binding and library. Those of other platforms and the
 * CUDA providers are left out.
 */
await rm('dist', { recursive: true, force: true });
const output = { outdir: 'dist/function', metafile: true } as const;
const results = [
  await build({ ...scriptOptions, ...output, entryPoints: { predict: 'functions/predict/start/start.ts' } }),
  await build({ ...bundleOptions, ...output, entryPoints: { batch: 'functions/batch/app.ts' } }),
];
results.forEach(refuseWarnings);
await copyFile('build/app.mjs', 'dist/function/app.mjs');
const copied = await buildPages('dist/function/playground');
await mkdir('dist/onnxruntime');
await rename('dist/function/onnxruntime_binding.node', 'dist/onnxruntime/onnxruntime_binding.node');
await copyFile(onnxRuntime, 'dist/onnxruntime/libonnxruntime.so.1');
// Records for sbom.ts which files of npm packages are in the image.
const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs), copied);
await writeFile('dist/bundle.json', JSON.stringify({ outputs }));
