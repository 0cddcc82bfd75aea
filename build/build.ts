import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions, onnxRuntime, scriptOptions } from './bundle.ts';
import { buildPages } from './pages.ts';
import { refuseWarnings } from './warnings.ts';

/**
 * Builds what the image adds to its base, for the Linux machine that this runs on: the code of each function in one file, and
 * ONNX Runtime's binding and library beside them, without the other platforms' and the CUDA providers.
 */
await rm('dist', { recursive: true, force: true });
const output = { outdir: 'dist/function', metafile: true } as const;
const results = [
  await build({ ...scriptOptions, ...output, entryPoints: { predict: 'functions/predict/start.ts' } }),
  await build({ ...bundleOptions, ...output, entryPoints: { batch: 'functions/batch/app.ts' } }),
];
results.forEach(refuseWarnings);
await copyFile('build/app.mjs', 'dist/function/app.mjs');
const copied = await buildPages('dist/function/playground');
await mkdir('dist/onnxruntime');
await rename('dist/function/onnxruntime_binding.node', 'dist/onnxruntime/onnxruntime_binding.node');
await copyFile(onnxRuntime, 'dist/onnxruntime/libonnxruntime.so.1');
// What is shipped of packages, for sbom.ts.
const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs), copied);
await writeFile('dist/bundle.json', JSON.stringify({ outputs }));
