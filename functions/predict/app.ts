import { readConfig } from './config.ts';
import { createHandler } from './handler.ts';
import { loadModel } from './model/load.ts';
import { createAssetReader } from './page-assets.ts';
import { createTelemetry } from './telemetry.ts';

const config = readConfig();

/** Loaded and proven once, before the first request: whatever is wrong with it stops the start. */
export const model = await loadModel(config.modelsDirectory, config.model);

/** The function that Lambda calls. */
export const handler = createHandler({
  model,
  limits: config.limits,
  corsOrigins: config.corsOrigins,
  startTelemetry: createTelemetry(config, model.manifest),
  readAsset: createAssetReader(config.pageDirectory),
});
