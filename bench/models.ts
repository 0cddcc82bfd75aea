import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run, say } from './commands.ts';

/** The folder of the packages that `script` exports. */
export const modelsFolder = 'dist/bench/models';

/** Exports the models once, by a script in the training's environment. Exports are deterministic. */
export async function exportModels(models: readonly string[], script = 'bench/train.py'): Promise<void> {
  const files = models.map((model) => `${modelsFolder}/${model}/model.json`);
  const exist = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (exist.every(Boolean)) return;
  say('fitting and exporting the models');
  const parameters = ['python', resolve(script), resolve(modelsFolder)];
  await run('training/run', parameters, { env: { ...process.env, PYTHONPATH: resolve('training') } });
}
