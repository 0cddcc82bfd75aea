import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run, say } from './commands.ts';

/** Where the packages are that `script` exports. */
export const modelsFolder = 'dist/bench/models';

/** Exports the models by a script with the training's own environment, once: an export is deterministic. */
export async function exportModels(models: readonly string[], script = 'bench/train.py'): Promise<void> {
  const missing = models.filter((model) => !existsSync(`${modelsFolder}/${model}/model.json`));
  if (missing.length === 0) return;
  say(`fitting and exporting ${missing.join(', ')}`);
  const parameters = ['python', resolve(script), resolve(modelsFolder), ...missing];
  await run('training/run', parameters, { env: { ...process.env, PYTHONPATH: resolve('training') } });
}
