import { defaultLimits } from '../core/limits.ts';
import { loadModel } from '../core/model/load.ts';
import { readConfig, readNames } from './config.ts';
import { createHandler, type Handler } from './handler.ts';
import { createS3Store } from './stores/s3.ts';
import { createTelemetry, reportInitFailure } from './telemetry.ts';

/** Loads and checks the model once, before the first step. An error stops the start. */
export async function start(): Promise<Handler> {
  try {
    const config = readConfig();
    const model = await loadModel(config.modelsDirectory, config.model);
    const world = { ...model, store: createS3Store(config.s3), limits: defaultLimits };
    return createHandler({ world, ...config }, createTelemetry(config, model.manifest));
  } catch (error) {
    reportInitFailure(readNames(), error as Error);
    throw error;
  }
}
