import type { Model } from '../../functions/core/model/load.ts';
import { type Config, readConfig } from '../../functions/predict/config.ts';
import { createHandler, type Handler } from '../../functions/predict/handler.ts';
import { createAssetReader } from '../../functions/predict/pages/page-assets.ts';
import type { Capture } from '../../functions/predict/telemetry/capture.ts';
import { createMonitor } from '../../functions/predict/telemetry/monitor.ts';
import { createTelemetry } from '../../functions/predict/telemetry/telemetry.ts';

/** Creates the handler as start.ts does, for another model, configuration or capture. */
export function createService(model: Model, changes: Partial<Config> = {}, capture?: Capture): Handler {
  const config = { ...readConfig(), ...changes };
  return createHandler({
    ...config,
    model,
    capture,
    observe: createMonitor(model.manifest, config),
    readAsset: createAssetReader(config.pageDirectory),
    startTelemetry: createTelemetry(config, model.manifest, performance.now()),
  });
}
