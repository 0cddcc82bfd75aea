import type { BuildOptions } from 'esbuild';

/** esbuild's options: bundle TypeScript into one file for Node.js, with ONNX Runtime's binding beside it. */
export const bundleOptions: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Names are not minified, so that stack traces in the log stay readable.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // Set here, because the image is built without tsconfig.json, and the bundles would differ.
  tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
  // onnxruntime-node builds the path of its binding from these two. As constants they leave one known file, which
  // esbuild copies.
  define: { 'process.platform': '"linux"', 'process.arch': JSON.stringify(process.arch) },
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  // CommonJS packages in the bundle need `require`, which an ES module does not have.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/**
 * The same, but as an expression whose value is a CommonJS module function, which app.mjs runs. It loads Node.js'
 * modules with `require`: an `import` would read every export of a module, and reading some exports of `fs` loads
 * thirty further modules.
 */
export const scriptOptions: BuildOptions = {
  ...bundleOptions,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: '(function(exports,require,module){' },
  footer: { js: '})' },
};

/** The library that the binding loads from its own folder. */
export const onnxRuntime = `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/libonnxruntime.so.1`;
