import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Prediction } from '../../functions/core/model/prediction.ts';

/** Reads a file of events/ by its name. */
export function readEvent(name: string): unknown {
  return readJson(`events/${name}.json`);
}

/** The names of the packages in models/. */
export function packageNames(): string[] {
  return readdirSync('models')
    .filter((name) => existsSync(`models/${name}/model.json`))
    .sort();
}

/** The paths of the files that all packages in models/ have, and that the image contains. */
export function packageFiles(): string[] {
  const files = ['SHA256SUMS', 'background.json', 'golden.json', 'model.json', 'model.onnx'];
  return packageNames().flatMap((name) => files.map((file) => `models/${name}/${file}`));
}

interface Golden<Value> {
  readonly instances: Value[][];
  readonly predictions: Prediction[];
}

/** Reads the golden rows of a package and the original model's answers. The rows of iris contain only numbers. */
export function readGolden(): Golden<number>;
export function readGolden(name: string, directory?: string): Golden<unknown>;
export function readGolden(name = 'iris', directory = 'models'): Golden<unknown> {
  return readJson(`${directory}/${name}/golden.json`) as Golden<unknown>;
}

/** Reads model.json of a package. Each call returns a new copy, which a test may change. */
export function readManifest(name = 'iris', directory = 'models'): Record<string, unknown> {
  return readJson(`${directory}/${name}/model.json`) as Record<string, unknown>;
}

/** The part of model.json that GET /model publishes, without the names of files. */
export function readPublished(name = 'iris'): Record<string, unknown> {
  const { $schema: _schema, file: _file, explanations, ...published } = readManifest(name);
  const { file: _background, ...explained } = explanations as { file: string };
  return { ...published, explanations: explained };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
