// The first: it reads the clock, and the imports take most of a start.
import './started-at.ts';

import { createCapture } from './capture.ts';
import { readConfig, readNames } from './config.ts';
import { createHandler, type Handler } from './handler.ts';
import { loadModel, type Model } from './model/load.ts';
import { createMonitor } from './model/monitor.ts';
import { createAssetReader } from './page-assets.ts';
import { startedAt } from './started-at.ts';
import { createTelemetry, reportInitFailure } from './telemetry/telemetry.ts';

/** Loaded and proven once, before the first request: whatever is wrong with it stops the start. */
async function start(): Promise<{ model: Model; handler: Handler }> {
  const config = readConfig();
  const model = await loadModel(config.modelsDirectory, config.model);
  const capture = await createCapture(config, model.manifest);
  const handler = createHandler({
    model,
    limits: config.limits,
    corsOrigins: config.corsOrigins,
    capture,
    observe: createMonitor(model.manifest, config),
    readAsset: createAssetReader(config.pageDirectory),
    startTelemetry: createTelemetry(config, model.manifest, startedAt),
  });
  return { model, handler };
}

/** The function that Lambda calls, and the model that it serves. */
export const { model, handler } = await start().catch((error: unknown) => {
  reportInitFailure(readNames(), error);
  throw error;
});
