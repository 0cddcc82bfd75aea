import { readFile } from 'node:fs/promises';
import { loadModel } from '../../functions/core/model/load.ts';
import { readConfig } from '../../functions/predict/config.ts';
import { createHandler } from '../../functions/predict/handler.ts';
import { createMonitor } from '../../functions/predict/telemetry/monitor.ts';
import { createTelemetry } from '../../functions/predict/telemetry/telemetry.ts';
import { createContext } from './context.ts';
import { report } from './rounds.ts';

/**
 * Measures how long the handler takes from an event with many rows to its answer, and the peak memory. Usage:
 * node batch.mjs <model> <event>…
 *
 * The limit on the size of an answer is raised, because the answer to 100,000 rows with probabilities exceeds Lambda's
 * limit.
 */
const [, , name = '', ...events] = process.argv;
const config = readConfig();
const model = await loadModel('/models', name);
const handler = createHandler({
  model,
  limits: { ...config.limits, answerBytes: 1e9 },
  corsOrigins: [],
  readAsset: () => Buffer.alloc(0),
  capture: undefined,
  observe: createMonitor(model.manifest, config),
  startTelemetry: createTelemetry(config, model.manifest, 0),
});

/** Returns the lower quartile of a few measurements, in milliseconds. Slower ones were waiting for other processes. */
async function time(event: unknown): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + 300;
  while (times.length < 5 || performance.now() < until) {
    const start = performance.now();
    const { statusCode, body } = (await handler(event, createContext(times.length))) as {
      statusCode: number;
      body: string;
    };
    times.push(performance.now() - start);
    if (statusCode !== 200) throw new Error(body);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN;
}

const times: Record<string, number> = {};
for (const event of events) {
  const text = await readFile(`/events/${event}.json`, 'utf8');
  times[event] = await time(JSON.parse(text.replaceAll('{model}', name)));
}
const [, peak] = /VmHWM:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
report({ times, peak: Number(peak) / 1024 });
