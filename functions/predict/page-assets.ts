import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file of the playground. */
export type ReadAsset = (name: string) => string;

/** Reads a file when its page is requested, so that a prediction's cold start does not pay for it. */
export function createAssetReader(directory: string): ReadAsset {
  return (name) => readFileSync(join(directory, name), 'utf8');
}
