import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run, say } from '../commands.ts';

/** The folder of the exported packages. */
export const modelsFolder = 'dist/bench/models';

/**
 * Exports the models that are missing, with a script that runs in the training's environment. An existing export is
 * kept, because exports are deterministic.
 */
export async function exportModels(models: readonly string[], script = 'bench/models/train.py'): Promise<void> {
  const missing = models.filter((model) => !existsSync(`${modelsFolder}/${model}/model.json`));
  if (missing.length === 0) return;
  say(`fitting and exporting ${missing.join(', ')}`);
  const parameters = ['python', resolve(script), resolve(modelsFolder), ...missing];
  await run('training/run', parameters, { env: { ...process.env, PYTHONPATH: resolve('training') } });
}
