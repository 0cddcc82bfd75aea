/**
 * Wraps a Node.js handler and prints the time of each step of its start (seconds of the system's clock). Mounted beside
 * the handler.
 */
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
