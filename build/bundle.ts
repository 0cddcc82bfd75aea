import type { BuildOptions } from 'esbuild';

/** How TypeScript becomes one file that Node.js runs, with ONNX Runtime's binding beside it. */
export const bundleOptions: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Names stay, so that a stack trace in the log can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // Not from tsconfig.json, which the image is built without: the bundles would differ.
  tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
  // onnxruntime-node requires its binding by a path made of these two; known here, it is one file to copy.
  define: { 'process.platform': '"linux"', 'process.arch': JSON.stringify(process.arch) },
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  // Its modules are CommonJS, and an ES module has no require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/**
 * The same as an expression whose value is a function of a CommonJS module, for app.mjs to run. It requires Node.js' modules: to
 * import one, Node.js reads each of its exports, and some of `fs` load thirty further modules when they are read.
 */
export const scriptOptions: BuildOptions = {
  ...bundleOptions,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: '(function(exports,require,module){' },
  footer: { js: '})' },
};

/** The library that the binding loads from the folder that it lies in. */
export const onnxRuntime = `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/libonnxruntime.so.1`;
