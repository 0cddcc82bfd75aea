import { createHandler } from '../../functions/batch/handler.ts';
import type { Planned, Step } from '../../functions/batch/steps.ts';
import { createTelemetry } from '../../functions/batch/telemetry.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import type { Model } from '../../functions/core/model/load.ts';
import { createContext } from '../../local/context.ts';
import { createMemoryStore } from './memory-store.ts';
import { captureOutput } from './output.ts';

const input = 's3://bucket/in.csv';
const config = { service: 'sepal', metricsNamespace: 'Sepal', logLevel: 'INFO' } as const;

/**
 * Runs all steps of a job over a table of one valid and one invalid row, and then a step that fails. Returns the log
 * lines of all these steps.
 */
export async function linesOfBatch(model: Model): Promise<Record<string, unknown>[]> {
  const { manifest } = model;
  const names = manifest.features.map(({ name }) => name);
  const text = `${names.join()}\n5.1,3.5,1.4,0.2\n5.1,broken,1.4,0.2\n`;
  const { store } = createMemoryStore(new Map([[input, Buffer.from(text)]]));
  const steps = { world: { ...model, store, limits: defaultLimits }, concurrency: 5, sliceBytes: undefined };
  const handler = createHandler(steps, createTelemetry(config, manifest));
  const call = (event: object) => handler({ execution: 'night', ...event } as Step, createContext('call'));
  const { lines } = await captureOutput(async () => {
    const request = { input, output: 's3://bucket/out.csv' };
    const { work, slices } = (await call({ step: 'plan', input: request })) as Planned;
    const answers: unknown[] = [];
    for (const slice of slices) answers.push(await call({ step: 'score', work, slice }));
    await call({ step: 'finish', work, parts: 1, answers, startedAt: new Date().toISOString() });
    await call({ step: 'plan', input: {} }).catch(() => undefined);
  });
  return lines;
}
