import { readFileSync } from 'node:fs';
import { start } from '../../functions/predict/start/start.ts';
import { createContext } from './context.ts';
import { report } from './rounds.ts';

/** Measures a start with the package in a folder, and the first answer: node start.mjs folder */
const [, , folder = ''] = process.argv;
const { handler, model } = await start(folder);
const [example] = model.manifest.examples;
await handler({ body: JSON.stringify(example?.instances) }, createContext(0));

const { user, system } = process.cpuUsage();
const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
report({ milliseconds: (user + system) / 1000, peak: (Number(peak) * 1024) / 1e6 });
