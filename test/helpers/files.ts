import { readFileSync } from 'node:fs';
import type { Prediction } from '../../functions/predict/model/prediction.ts';

/** One of events/, by name. */
export function readEvent(name: string): unknown {
  return readJson(`events/${name}.json`);
}

/** Rows and the answers that scikit-learn itself gave for them, in float64. */
export function readGolden(): { instances: number[][]; predictions: Prediction[] } {
  return readJson('models/iris/golden.json') as ReturnType<typeof readGolden>;
}

/** model.json as it is on disk; each call gives a copy to change. */
export function readManifest(): Record<string, unknown> {
  return readJson('models/iris/model.json') as Record<string, unknown>;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
