/**
 * Wraps a Node.js handler and prints the time of each step of its start, in seconds of the system's clock. The file is
 * mounted into the image beside the handler.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const now = () => (performance.timeOrigin + performance.now()) / 1000;
const started = now();

// The imports have ended when the function reads its first file, which is model.json.
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
