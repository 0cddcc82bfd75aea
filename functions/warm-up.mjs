/**
 * Run in the image, where the function lies as it will: asks for one prediction, so that V8 leaves the code of it in
 * NODE_COMPILE_CACHE (nodejs.org/api/module.html#module-compile-cache).
 */
const { handler, model } = await import('/var/task/app.mjs');
const [{ instances }] = model.manifest.examples;
await handler({ body: JSON.stringify(instances) }, { awsRequestId: 'warm-up' });
