import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Prediction } from '../../functions/core/model/prediction.ts';

/** One of events/, by name. */
export function readEvent(name: string): unknown {
  return readJson(`events/${name}.json`);
}

/** The packages of models/, by name. */
export function packageNames(): string[] {
  return readdirSync('models')
    .filter((name) => existsSync(`models/${name}/model.json`))
    .sort();
}

/** The files of all packages: what the image holds of models/. */
export function packageFiles(): string[] {
  const files = ['SHA256SUMS', 'background.json', 'golden.json', 'model.json', 'model.onnx'];
  return packageNames().flatMap((name) => files.map((file) => `models/${name}/${file}`));
}

interface Golden<Value> {
  readonly instances: Value[][];
  readonly predictions: Prediction[];
}

/** Rows of a package and the answers that the original itself gave for them, in float64; of iris they are numbers. */
export function readGolden(): Golden<number>;
export function readGolden(name: string, directory?: string): Golden<unknown>;
export function readGolden(name = 'iris', directory = 'models'): Golden<unknown> {
  return readJson(`${directory}/${name}/golden.json`) as Golden<unknown>;
}

/** model.json of a package as it is on disk; each call gives a copy to change. */
export function readManifest(name = 'iris'): Record<string, unknown> {
  return readJson(`models/${name}/model.json`) as Record<string, unknown>;
}

/** What of it anybody may know: not where its files lie. */
export function readPublished(name = 'iris'): Record<string, unknown> {
  const { $schema: _schema, file: _file, explanations, ...published } = readManifest(name);
  const { file: _background, ...explained } = explanations as { file: string };
  return { ...published, explanations: explained };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
