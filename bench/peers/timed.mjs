/** A Node.js handler in steps, mounted beside it: a line says when each was done (seconds of the system's clock). */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const now = () => (performance.timeOrigin + performance.now()) / 1000;
const started = now();

// The model's description is the first file that the function reads.
let imported;
const { readFileSync } = fs;
fs.readFileSync = (...parameters) => {
  if (String(parameters[0]).endsWith('model.json')) imported ??= now();
  return readFileSync(...parameters);
};
syncBuiltinESMExports();

export const { handler } = await import('./app.mjs');

const loaded = now();
console.log('bench', JSON.stringify({ started, imported: imported ?? loaded, loaded }));
