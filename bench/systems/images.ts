import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { docker, say } from '../commands.ts';

/** The systems that run in a container image. Each except Sepal has a folder of this name in bench/peers/. */
export const systems = ['sepal', 'python-sklearn', 'python-onnx', 'nothing-handler'] as const;
export type System = (typeof systems)[number];

/** The names of the systems in tables. */
export const titles: Readonly<Record<System, string>> = {
  sepal: 'Sepal',
  'python-sklearn': 'scikit-learn in Python',
  'python-onnx': 'onnxruntime in Python',
  'nothing-handler': 'a Node.js handler that does nothing',
};

/** The base image of each system. */
export const bases: Readonly<Record<System, string>> = {
  sepal: 'public.ecr.aws/lambda/nodejs:24',
  'nothing-handler': 'public.ecr.aws/lambda/nodejs:24',
  'python-sklearn': 'public.ecr.aws/lambda/python:3.11',
  'python-onnx': 'public.ecr.aws/lambda/python:3.11',
};

export const imageOf = (system: System) => `sepal-bench:${system}`;

/** Builds the images: Sepal's from the Dockerfile, the others' from a folder with the files that they need. */
export async function buildImages(chosen: readonly System[] = systems): Promise<void> {
  for (const system of chosen) {
    say(`building the image of ${system}`);
    const context = system === 'sepal' ? '.' : await prepareContext(system);
    await docker('build', '--quiet', '--tag', imageOf(system), context);
  }
}

async function prepareContext(system: System): Promise<string> {
  const context = `dist/bench/contexts/${system}`;
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  const isSource = (file: string) => !['.venv', '__pycache__'].includes(basename(file));
  await cp(`bench/peers/${system}`, context, { recursive: true, filter: isSource });
  await copyFile('bench/peers/train.py', `${context}/train.py`);
  await copyFile('models/iris/model.onnx', `${context}/model.onnx`);
  return context;
}
