import { type Config, readConfig } from '../../functions/predict/config.ts';
import { createHandler, type Handler } from '../../functions/predict/handler.ts';
import type { Model } from '../../functions/predict/model/load.ts';
import { createAssetReader } from '../../functions/predict/page-assets.ts';
import { createTelemetry } from '../../functions/predict/telemetry.ts';

/** The handler as app.ts wires it, for another model or configuration. */
export function createService(model: Model, changes: Partial<Config> = {}): Handler {
  const config = { ...readConfig(), ...changes };
  const startTelemetry = createTelemetry(config, model.manifest);
  return createHandler({ ...config, model, startTelemetry, readAsset: createAssetReader(config.pageDirectory) });
}
