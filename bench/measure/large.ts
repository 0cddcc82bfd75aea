import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run, say } from '../commands.ts';
import { exportModels, modelsFolder } from '../models/export.ts';
import { insideFolder } from '../systems/bundle.ts';

/** The steps of a start that process the model's bytes, in this order. */
export const startSteps = ['read', 'digest', 'prepare', 'run'] as const;
export type StartStep = (typeof startSteps)[number];

/**
 * Starts of one package. Times are milliseconds of CPU time, which other processes on the machine influence less than
 * wall-clock time.
 */
export interface LargeStart {
  readonly model: string;
  /** Megabytes of model.onnx. */
  readonly size: number;
  /** The MemorySize that the export recommends. */
  readonly memorySize: number;
  /** The CPU time that the process used until its first answer, and its peak memory until then in megabytes. */
  readonly answers: readonly { readonly milliseconds: number; readonly peak: number }[];
  readonly steps: readonly Readonly<Record<StartStep, number>>[];
}

/** The small package that large ones are compared with. */
export const small = 'iris';
const large = ['forest-10', 'forest-50', 'forest-150', 'network-50'];
const rounds = 3;

/** Each round starts each package in a new process, and times the steps of a start in another. */
export async function measureLargeStarts(): Promise<LargeStart[]> {
  await exportModels(large, 'bench/models/train_large.py');
  const starts = new Map<string, LargeStart>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const model of [small, ...large]) {
      say(`start of ${model}, round ${round} of ${rounds}`);
      const { answers = [], steps = [] } = starts.get(model) ?? {};
      starts.set(model, await measureStart(model, answers, steps));
    }
  }
  return [...starts.values()];
}

/** Adds one round to the earlier ones. */
async function measureStart(
  model: string,
  answers: LargeStart['answers'],
  steps: LargeStart['steps'],
): Promise<LargeStart> {
  const folder = resolve(model === small ? 'models' : modelsFolder, model);
  const { memory_size: memorySize } = JSON.parse(await readFile(`${folder}/model.json`, 'utf8'));
  const answer = await runScript<LargeStart['answers'][number]>('start', folder);
  const stepped = await runScript<{ size: number; steps: LargeStart['steps'][number] }>('start-steps', folder);
  return { model, size: stepped.size, memorySize, answers: [...answers, answer], steps: [...steps, stepped.steps] };
}

async function runScript<T>(script: string, folder: string): Promise<T> {
  const parameters = ['--env-file=local/lambda.env', `${insideFolder}/${script}.mjs`, folder];
  const { stderr } = await run(process.execPath, parameters);
  return JSON.parse(stderr.split('\n').at(-1) ?? '') as T;
}
