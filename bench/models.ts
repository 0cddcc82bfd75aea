import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run, say } from './commands.ts';

/** Exports the models with the training's own environment, once: an export is deterministic. */
export async function exportModels(models: readonly string[]): Promise<void> {
  const out = 'dist/bench/models';
  const files = models.map((model) => `${out}/${model}/model.json`);
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
  const parameters = ['python', resolve('bench/train.py'), resolve(out)];
  await run('training/run', parameters, { env: { ...process.env, PYTHONPATH: resolve('training') } });
}
