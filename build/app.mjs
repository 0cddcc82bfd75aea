const { createRequire } = process.getBuiltinModule('node:module');
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

/**
 * The function that Lambda calls, and the model that it serves, as functions/predict/app.ts has them without an image. V8 takes what it compiled when
 * the image was built (warm-up.mjs), and compiles where it does not know it. Node.js' own cache of compiled code would hold
 * what a module compiles as it is loaded, and none of the functions that are called later (bench/NOTES.md).
 */
const filename = `${import.meta.dirname}/predict.cjs`;
const code = `${import.meta.dirname}/predict.code`;
const cachedData = existsSync(code) ? readFileSync(code) : undefined;

export const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(import.meta.url), module);
export const { model, handler } = await module.exports.start();
