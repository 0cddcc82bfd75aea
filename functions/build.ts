import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { buildPlayground } from './build-playground.ts';

/**
 * Builds what the image adds to its base, for the Linux machine that this runs on: the function in one file, and ONNX
 * Runtime's binding and library beside it, without the other platforms' and the CUDA providers.
 */
const onnxRuntime = `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}`;

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['functions/predict/app.ts'],
  outfile: 'dist/function/app.mjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Names stay, so that a stack trace in the log can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // onnxruntime-node requires its binding by a path made of these two; known here, it is one file to copy.
  define: { 'process.platform': '"linux"', 'process.arch': JSON.stringify(process.arch) },
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  metafile: true,
  // Its modules are CommonJS, and an ES module has no require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
});
await buildPlayground('dist/function/playground');
await mkdir('dist/onnxruntime');
await rename('dist/function/onnxruntime_binding.node', 'dist/onnxruntime/onnxruntime_binding.node');
await copyFile(`${onnxRuntime}/libonnxruntime.so.1`, 'dist/onnxruntime/libonnxruntime.so.1');
// What the bundle was made of, for sbom.ts.
await writeFile('dist/bundle.json', JSON.stringify(metafile));
