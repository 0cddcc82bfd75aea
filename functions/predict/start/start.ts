// Must be the first import: it reads the clock, and the other imports take most of a start.
import './started-at.ts';

import { basename, join, resolve } from 'node:path';
import { loadModel, type Model, openModel } from '../../core/model/load.ts';
import { readPackage } from '../../core/model/package.ts';
import { type Config, readConfig, readNames } from '../config.ts';
import { createHandler, type Handler } from '../handler.ts';
import { createAssetReader } from '../pages/page-assets.ts';
import { createCapture } from '../telemetry/capture.ts';
import { createMonitor } from '../telemetry/monitor.ts';
import { createTelemetry, reportInitFailure } from '../telemetry/telemetry.ts';
import { rehearse } from './rehearsal.ts';
import { startedAt } from './started-at.ts';

/** The function, and the model that it serves. */
interface Service {
  readonly handler: Handler;
  readonly model: Model;
  /** The folder of the model's package. */
  readonly folder: string;
}

/**
 * Loads and checks the model once, before the first request. An error stops the start. The model is the one in the
 * folder `path` or, without it, the one that the environment names.
 */
export async function start(path?: string): Promise<Service> {
  try {
    const config = readConfig();
    const { modelsDirectory, model: name } = config;
    const model = path ? await openModel(path, readPackage(path)) : await loadModel(modelsDirectory, name);
    return { handler: await wire(config, model), model, folder: path ?? join(modelsDirectory, name) };
  } catch (error) {
    reportInitFailure({ ...readNames(), ...(path && { model: basename(resolve(path)) }) }, error);
    throw error;
  }
}

async function wire(config: Config, model: Model): Promise<Handler> {
  const { limits, corsOrigins, startType } = config;
  const fixed = { model, limits, corsOrigins, readAsset: createAssetReader(config.pageDirectory) };
  const capture = await createCapture(config, model.manifest);
  // During an on-demand start a request is waiting, and a rehearsal would delay it.
  if (startType && startType !== 'on-demand') await rehearse(fixed, config);
  return createHandler({
    ...fixed,
    capture,
    observe: createMonitor(model.manifest, config),
    startTelemetry: createTelemetry(config, model.manifest, startedAt),
  });
}
