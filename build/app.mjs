const { createRequire } = process.getBuiltinModule('node:module');
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

/**
 * The entry of the Lambda function in the image; outside of the image it is functions/predict/start/app.ts. V8 loads
 * the compiled code that was stored when the image was built (warm-up.mjs), and compiles only what is not in it.
 * Node.js' own compile cache would hold only what is compiled while a module loads, and no function that is called
 * later (bench/NOTES.md).
 */
const filename = `${import.meta.dirname}/predict.cjs`;
const code = `${import.meta.dirname}/predict.code`;
const cachedData = existsSync(code) ? readFileSync(code) : undefined;

export const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(import.meta.url), module);
export const { model, handler } = await module.exports.start();
